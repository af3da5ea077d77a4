/** serve: the server, from the environment's settings to the message that says where it is (src/lib/server/config/README.md lists the settings). */
import { existsSync, readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createApp, type App } from '#lib/server/app.ts';
import { readConfig, warningsOf, type Config } from '#lib/server/config/config.ts';
import { createContentHandler } from '#lib/server/content-host/content-handler.ts';
import { readShell } from '#lib/server/content-host/shell-files.ts';
import type { DemoSignIn } from '#lib/server/demo/seed.ts';
import { startHttpServer } from '#lib/server/http/http-server.ts';
import { pageHeaders } from '#lib/server/http/page-headers.ts';
import { createLog } from '#lib/server/log/log.ts';
import { setRunningApp } from '#lib/server/running-app.ts';
import { CommandError } from '../command-error.ts';
import { ensureDemo } from '../demo.ts';
import { projectRoot } from '../source-hash.mjs';

const stopWithinMs = 9_000;
const hour = 3_600_000;

export async function run(_args: readonly string[]): Promise<number> {
	const config = readConfig(process.env, version());
	const log = createLog({
		format: config.logFormat,
		level: config.logLevel,
		now: Date.now,
		write: (line) => process.stdout.write(`${line}\n`)
	});
	const handlerFile = join(projectRoot, 'build', 'handler.js');
	if (!existsSync(handlerFile))
		throw new CommandError('Nothing is built yet. Run "npm run build" first, or "npm start", which does both.');
	for (const warning of warningsOf(config)) log.info('config.warning', { text: warning });

	const app = await createApp({ config, log });
	try {
		const demo = config.demo ? await ensureDemo(app, (line) => process.stdout.write(`${line}\n`)) : null;
		const headers = pageHeaders(config);
		setRunningApp({ app, pageHeaders: headers });
		const http = await startHttpServer({
			config,
			app: await loadHandler(handlerFile, config),
			content: createContentHandler({
				config,
				key: app.ticketKey,
				shell: await readShell(join(projectRoot, 'build', 'content')),
				now: app.now,
				log
			}),
			pageHeaders: headers,
			log
		}).catch((error: unknown) => {
			if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
				throw new CommandError(
					`Port ${config.port} is taken, perhaps by another Waypost. Stop that one, or choose another port: PORT=4010 npm start`
				);
			}
			throw error;
		});
		log.info('server.started', { port: http.port, database: app.db.engine, version: config.version });
		await sayHello(app, config, demo);
		const tidying = setInterval(
			() => void app.auth.removeExpired().catch((error: unknown) => log.error('sessions.tidy-failed', {}, error)),
			hour
		);
		tidying.unref();

		const signal = await stopSignal();
		log.info('server.stopping', { signal });
		clearInterval(tidying);
		await http.stop(stopWithinMs);
		return 0;
	} finally {
		await app.close();
		setRunningApp(undefined);
		log.info('server.stopped');
	}
}

/** adapter-node reads its own settings while it is loaded, so they are put in place first. */
async function loadHandler(file: string, config: Config): Promise<RequestListener> {
	process.env['ORIGIN'] = config.appOrigin;
	// Limits are ours (http/read-body.ts), since an upload of a package may be a hundred thousand times a sign-in.
	process.env['BODY_SIZE_LIMIT'] = 'Infinity';
	if (config.trustedProxies > 0) {
		process.env['ADDRESS_HEADER'] = 'x-forwarded-for';
		process.env['XFF_DEPTH'] = String(config.trustedProxies);
	} else {
		delete process.env['ADDRESS_HEADER'];
	}
	const { handler } = (await import(pathToFileURL(file).href)) as { readonly handler: RequestListener };
	return handler;
}

async function sayHello(app: App, config: Config, demo: readonly DemoSignIn[] | null): Promise<void> {
	const say = (line = ''): void => void process.stdout.write(`${line}\n`);
	if (demo !== null && config.logFormat === 'human') {
		const width = Math.max(...demo.map(({ role }) => role.length));
		const names = Math.max(...demo.map(({ userName }) => userName.length));
		say();
		say(`  Waypost is ready:  ${config.appOrigin}`);
		say();
		say('  Sign in as');
		for (const { role, userName, secret } of demo)
			say(`    ${role.padEnd(width)}  ${userName.padEnd(names)}  ${secret}`);
		say();
		say('  This is a demo on this machine only. Ctrl-C stops it.');
		say();
		return;
	}
	const token = await app.auth.newSetupToken();
	if (token === null) return;
	say();
	say('  Make the first administrator with this link. It works once, and changes at every start until then:');
	say(`  ${config.appOrigin}/setup?token=${token}`);
	say();
}

function version(): string {
	const { version: release } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
		version: string;
	};
	const stamp = join(projectRoot, 'build', '.source-hash');
	return existsSync(stamp) ? `${release}+${readFileSync(stamp, 'utf8').slice(0, 12)}` : release;
}

/** The first signal stops in order; a second one means it, and ends at once. */
function stopSignal(): Promise<string> {
	return new Promise((resolve) => {
		let asked = 0;
		for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
			process.on(signal, () => {
				// The starter may pass a Ctrl-C on a second time: that is no impatience.
				if (asked && Date.now() - asked > 3_000) process.exit(1);
				if (asked !== 0) return;
				asked = Date.now();
				resolve(signal);
			});
		}
	});
}
