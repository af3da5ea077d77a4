/**
 * course preview COURSE [--port 4173]
 * The course as a plain web page, in every language, with the linter's findings; reloads when a file is saved.
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { courseDirs } from '../course/course-dirs.ts';
import { previewCourse } from '../course/preview-server.ts';

export async function run(args: readonly string[]): Promise<number> {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: { port: { type: 'string', default: '4173' } }
	});
	const [dir = ''] = courseDirs(positionals[0]);
	const preview = await previewCourse(dir, Number(values.port));
	console.log(`${preview.address}  (Ctrl-C stops it)`);
	await once(process, 'SIGINT');
	await preview.close();
	return 0;
}
