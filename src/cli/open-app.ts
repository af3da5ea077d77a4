/** The server's parts without the server: for commands that work on an installation's data. */
import { createApp, type App } from '#lib/server/app.ts';
import { readConfig } from '#lib/server/config/config.ts';
import { silentLog } from '#lib/server/log/log.ts';

/** Opens the installation the environment names, works, and closes it whatever happens. */
export async function withApp<T>(work: (app: App) => Promise<T>): Promise<T> {
	const app = await createApp({ config: readConfig(process.env, 'cli'), log: silentLog });
	try {
		return await work(app);
	} finally {
		await app.close();
	}
}
