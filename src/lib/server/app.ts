/**
 * Composition root of the server: everything that lasts longer than a request is made here, once, and handed to routes as
 * `locals.app`. Routes and commands construct nothing themselves. (The built routes hold second copies of the modules they
 * import, so what has state or a lock must be reached through here.)
 */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Capability, ImportStep } from '#lib/contracts/api.ts';
import type { Translator } from '#lib/i18n/translator.ts';
import { uuidV7, type NewId } from '#lib/domain/ids/uuid-v7.ts';
import { createAuth, type Auth } from './auth/auth.ts';
import { createRateLimit, type RateLimit } from './auth/rate-limit.ts';
import { contentOriginOf, type Config } from './config/config.ts';
import { CAPABILITY_LIFE_MS, signTicket } from './content-host/capability.ts';
import { createCertificatePdf, type RenderCertificatePdf } from './credentials/certificate-pdf.ts';
import { openIssuer, type Issuer } from './credentials/issuer.ts';
import type { Database } from './db/database.ts';
import { openDatabase } from './db/open-database.ts';
import { readOrMakeKey } from './keys/key-file.ts';
import { createTranslators } from './i18n/translators.ts';
import type { Log } from './log/log.ts';
import { insertAuditEntry } from './repositories/audit.ts';
import { liftFeeds } from './repositories/feed.ts';
import type { PackageRevision } from './repositories/packages.ts';
import { createImportCourse, type ImportCourse } from './requests/import-course.ts';
import { receivePackage, type Upload } from './requests/receive-package.ts';
import { createPushQueue, type PushQueue } from './sync/push-queue.ts';

export type App = {
	readonly config: Config;
	readonly log: Log;
	/** Server time, ms since 1970. */
	readonly now: () => number;
	readonly newId: NewId;
	readonly db: Database;
	readonly auth: Auth;
	readonly issuer: Issuer;
	/** Signs pack tickets; the content hosts check with it. */
	readonly ticketKey: Buffer;
	/** For public look-ups (certificate codes), by network. */
	readonly lookups: RateLimit;
	readonly importCourse: ImportCourse;
	readonly receivePackage: (upload: Upload, tell: (step: ImportStep) => void) => Promise<void>;
	/** Answers after the commit, with others that wait in one transaction. */
	readonly push: PushQueue['push'];
	readonly packTicket: (pack: PackageRevision, personId: string) => Capability;
	readonly renderCertificatePdf: RenderCertificatePdf;
	/** The words of certificates, spreadsheets and public pages. */
	readonly translator: (language: string) => Promise<Translator>;
	/** The public page that checks the certificate with this code. */
	readonly verifyUrlOf: (code: string) => string;
	/** Notes who did what; ids only. */
	readonly audit: (personId: string, action: string, ...subject: readonly string[]) => Promise<void>;
	/** Finishes what runs, then closes the database. */
	readonly close: () => Promise<void>;
};

export type AppOptions = {
	readonly config: Config;
	readonly log: Log;
	readonly now?: (() => number) | undefined;
	/** Another database than the configured one; closed with the app. */
	readonly db?: Database | undefined;
};

export async function createApp({ config, log, now = Date.now, db: given }: AppOptions): Promise<App> {
	await mkdir(config.dataDir, { recursive: true });
	const keysDir = join(config.dataDir, 'keys');
	const db =
		given ??
		(await openDatabase(
			config.databaseUrl === null ? { file: join(config.dataDir, 'waypost.sqlite') } : { url: config.databaseUrl }
		));
	try {
		await liftFeeds(db, now());
		const newId: NewId = () => uuidV7(now(), randomBytes(10));
		const issuer = await openIssuer(keysDir);
		const ticketKey = await readOrMakeKey(join(keysDir, 'pack-tickets'), () => randomBytes(32));
		const auth = createAuth({ db, now, newId, secure: config.appOrigin.startsWith('https:') });
		const pushes = createPushQueue(db);
		const app: App = {
			config,
			log,
			now,
			newId,
			db,
			auth,
			issuer,
			ticketKey,
			lookups: createRateLimit(() => ({ capacity: 60, refillMs: 1_000 }), now),
			importCourse: createImportCourse({ db, config, log, now, newId }),
			receivePackage: (upload, tell) => receivePackage(app, upload, tell),
			push: pushes.push,
			packTicket: (pack, personId) => {
				const expiresAt = now() + CAPABILITY_LIFE_MS;
				const ticket = signTicket(ticketKey, { packId: pack.packId, sha256: pack.sha256, personId, expiresAt });
				return {
					packId: pack.packId,
					sha256: pack.sha256,
					contentOrigin: contentOriginOf(config, pack.packId),
					url: `/pack?cap=${ticket}`,
					expiresAt,
					size: pack.packSize
				};
			},
			renderCertificatePdf: createCertificatePdf(),
			translator: createTranslators(),
			verifyUrlOf: (code) => `${config.appOrigin}/verify/${code}`,
			audit: async (personId, action, ...subject) => {
				await insertAuditEntry(db, { id: newId(), at: now(), personId, action, subject: subject.join(' ') });
			},
			close: async () => {
				await pushes.idle();
				await db.close();
			}
		};
		return app;
	} catch (error) {
		if (given === undefined) await db.close();
		throw error;
	}
}
