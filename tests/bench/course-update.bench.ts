// What a new revision of a course costs a learner who has the old one: bytes of the pack that were sent, against the bytes of the
// files that changed, as the pack stores them. And, reported beside it, every byte on the socket: a revision has a content origin
// of its own (DESIGN 3), so that the installer's page, the player's and the worker travel once more. The installer, the content
// worker and the pack format are the product's own; a plain TCP proxy counts.
import { randomBytes } from 'node:crypto';
import { CuttingProxy } from '#tests/fixtures/cutting-proxy.ts';
import { anItem, aStructure, makePack } from '#tests/fixtures/make-pack.ts';
import { PlayerBench } from '../e2e/player-setup.ts';
import { medianOf, type BenchRow } from './bench-row.ts';

const [port, ownPort] = [4880, 4881];
const page = '<!doctype html><title>page</title><p>Here.</p>';
const fixed = 2_000;
const updates = 3;

export async function run(): Promise<BenchRow[]> {
	const bench = await PlayerBench.start(port, ownPort);
	const proxy = new CuttingProxy();
	await proxy.start(port, ownPort);
	let newest = '';
	try {
		await bench.open();
		const files: Record<string, string | Buffer> = { 'a.html': page };
		for (let index = 0; index < 60; index++) files[`unit-${index % 6}/picture-${index}.bin`] = randomBytes(12_000);
		await install(1);
		const [sent, spent]: [number[], number[]] = [[], []];
		const changed: number[] = [];
		for (let revision = 2; revision < 2 + updates; revision++) {
			for (const index of [3, 20, 41]) files[`unit-${index % 6}/picture-${index}.bin`] = randomBytes(12_000);
			files['a.html'] = `${page}<p>Edition ${revision}.</p>`;
			const before = proxy.toClient;
			await install(revision);
			spent.push(proxy.toClient - before);
			sent.push(bench.server.sent.get(newest) ?? 0);
			changed.push(3 * 12_000 + page.length);
		}
		const [pack, all, worth] = [medianOf(sent), medianOf(spent), medianOf(changed)];
		const allowed = 1.05 * worth + fixed;
		return [
			{
				name: 'update of a course, 4 of 61 files changed: bytes of the pack, of 1.05 times the changed bytes and 2 kB',
				ratio: pack / allowed,
				budget: 1,
				median: `${kB(pack)} for ${kB(worth)} changed`
			},
			{
				name: 'the same with the page and the worker of its new origin',
				ratio: all / allowed,
				budget: null,
				median: kB(all)
			}
		];

		async function install(revision: number): Promise<void> {
			const pack = bench.server.add(makePack(aStructure([anItem('a', {})]), { ...files }));
			newest = pack.packId;
			const { state } = await bench.install(pack, 'revised', revision);
			if (state !== 'installed') throw new Error(`revision ${revision}: ${state}`);
		}
	} finally {
		await bench.end();
		await proxy.stop();
	}
}

function kB(bytes: number): string {
	return `${(bytes / 1000).toFixed(1)} kB`;
}
