/** demo seed: fills an empty installation on this machine with the demo. */
import { CommandError } from '../command-error.ts';
import { ensureDemo } from '../demo.ts';
import { withApp } from '../open-app.ts';

export async function run(_args: readonly string[]): Promise<number> {
	return withApp(async (app) => {
		if (!app.config.demo)
			throw new CommandError(
				'The demo exists only where the server listens on this machine alone (HOST 127.0.0.1, DEMO not "no").'
			);
		const signIns = await ensureDemo(app, (line) => console.log(line));
		if (signIns === null)
			throw new CommandError('Somebody’s own data is here. Choose another, empty folder with DATA_DIR.');
		for (const { role, userName, secret } of signIns)
			console.log(`${role.padEnd(22)}  ${userName.padEnd(12)}  ${secret}`);
		return 0;
	});
}
