/** The server as `vite dev` needs it: the environment's settings, human log, no content hosts (those need the build). */
import { createApp } from './app.ts';
import { readConfig } from './config/config.ts';
import { pageHeaders } from './http/page-headers.ts';
import { createLog } from './log/log.ts';
import { setRunningApp } from './running-app.ts';

export async function startForDevelopment(version: string): Promise<void> {
	const config = readConfig(process.env, version);
	const log = createLog({
		format: 'human',
		level: config.logLevel,
		now: Date.now,
		write: (line) => process.stdout.write(`${line}\n`)
	});
	setRunningApp({ app: await createApp({ config, log }), pageHeaders: pageHeaders(config) });
}
