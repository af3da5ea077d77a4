/**
 * An uploaded package, from the wire to a course, told step by step. The upload goes to a file as it comes; cancelling (the
 * browser went away) stops whatever runs, and every way out leaves no file.
 */
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportStep } from '#lib/contracts/api.ts';
import type { NewId } from '#lib/domain/ids/uuid-v7.ts';
import type { Config } from '#lib/server/config/config.ts';
import type { Database } from '#lib/server/db/database.ts';
import { courseFeedBump } from '#lib/server/projections/refresh-course.ts';
import { adminCoursesOf } from '#lib/server/repositories/courses.ts';
import type { ImportCourse, ImportRequest } from './import-course.ts';

export type Upload = Omit<ImportRequest, 'zipPath' | 'onProgress' | 'signal'> & {
	readonly body: ReadableStream<Uint8Array> | null;
	/** From content-length; null when it is not said. */
	readonly size: number | null;
	readonly signal: AbortSignal;
};

/** What of the app this needs; named here, because the app is made with this function. */
export type ReceiveParts = {
	readonly config: Pick<Config, 'dataDir' | 'limits'>;
	readonly db: Database;
	readonly newId: NewId;
	readonly importCourse: ImportCourse;
	readonly audit: (personId: string, action: string, ...subject: readonly string[]) => Promise<void>;
};

export async function receivePackage(
	app: ReceiveParts,
	upload: Upload,
	tell: (step: ImportStep) => void
): Promise<void> {
	const folder = join(app.config.dataDir, 'incoming');
	await mkdir(folder, { recursive: true });
	const path = join(folder, `${app.newId()}.zip`);
	try {
		const size = await writeUpload(app, upload, path, tell);
		if (size === 'too-large')
			return tell({ step: 'refused', code: 'archive-too-large', params: { limit: app.config.limits.packageBytes } });
		const result = await app.importCourse({
			...upload,
			zipPath: path,
			onProgress: ({ phase, filesDone, filesTotal }) =>
				tell({ step: phase === 'reading' ? 'checking' : 'packing', done: filesDone, total: filesTotal })
		});
		if (result.type === 'refused') return tell({ step: 'refused', code: result.code, params: { ...result.params } });
		await courseFeedBump(app.db, result.course.id);
		await app.audit(upload.personId, 'course.import', result.course.id, result.packId);
		const [course] = await adminCoursesOf(app.db, [result.course]);
		if (course !== undefined) tell({ step: 'done', course, sameAsBefore: result.sameAsBefore });
	} finally {
		await rm(path, { force: true });
	}
}

async function writeUpload(
	app: ReceiveParts,
	upload: Upload,
	path: string,
	tell: (step: ImportStep) => void
): Promise<number | 'too-large'> {
	const limit = app.config.limits.packageBytes;
	if (upload.size !== null && upload.size > limit) return 'too-large';
	const file = await open(path, 'wx', 0o600);
	let done = 0;
	let told = 0;
	try {
		tell({ step: 'receiving', done, total: upload.size });
		const reader = upload.body?.getReader();
		while (reader !== undefined) {
			upload.signal.throwIfAborted();
			const part = await reader.read();
			if (part.done) break;
			done += part.value.byteLength;
			if (done > limit) {
				reader.releaseLock();
				return 'too-large';
			}
			await file.writeFile(part.value);
			if (done - told >= 256 * 1024) {
				told = done;
				tell({ step: 'receiving', done, total: upload.size });
			}
		}
		// A body shorter than announced was cut on the way.
		upload.signal.throwIfAborted();
		tell({ step: 'receiving', done, total: upload.size });
		return done;
	} finally {
		await file.close();
	}
}
