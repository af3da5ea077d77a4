/** decode FILE [--owner PERSON]: a captured push body as text, one event a line. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { decodeBatch } from '#lib/contracts/push-codec.ts';
import { CommandError } from '../command-error.ts';

export async function run(args: readonly string[]): Promise<number> {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: { owner: { type: 'string' } }
	});
	const [file] = positionals;
	if (file === undefined) throw new CommandError('Which file? decode FILE [--owner PERSON]');
	const bytes = new Uint8Array(await readFile(file));
	const batch = await decodeBatch(bytes, values.owner ?? null);
	if (batch.type === 'refused') {
		console.error(`Not readable: ${batch.reason}`);
		return 1;
	}
	console.log(`device ${batch.device}  epoch ${batch.epoch}  ${batch.events.length} events  ${bytes.length} bytes`);
	for (const event of batch.events) console.log(JSON.stringify(event));
	return 0;
}
