// The catalogue's search on a device: 500 courses indexed in real Chromium, on this machine and with its processor slowed down six
// times (about a cheap phone), and how long an answer takes. Its code is bundled here, so nothing needs a build.
import { mkdtemp, rm } from 'node:fs/promises';
import { readdirSync, existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { parse } from 'yaml';
import type { createSearch, Searchable } from '#lib/client/catalogue/search.ts';
import { findChromium, noChromium } from '#tests/browser/find-chromium.ts';
import { launchPersistent } from '#tests/browser/launch.ts';
import { medianOf, type BenchRow } from './bench-row.ts';

const projectRoot = join(import.meta.dirname, '..', '..');
const courses = join(projectRoot, 'courses');
const boosts = { title: 6, glossary: 2, units: 2, objectives: 1.5, description: 1 };
const questions = ['phone', 'evryday', 'téléphone', 'المهارات', '手机', 'digital skills'];
const runs = 5;

declare global {
	// Set by the bundled code.
	var benchSearch: { readonly createSearch: typeof createSearch };
}

export async function run(): Promise<BenchRow[]> {
	if (!(await findChromium())) throw new Error(noChromium);
	const script = await bundled();
	const documents = fiveHundred();
	const folder = await mkdtemp(join(tmpdir(), 'waypost-search-'));
	const browser = await launchPersistent(folder);
	try {
		const page = await browser.context.newPage();
		await page.addScriptTag({ content: script, type: 'module' });
		await page.waitForFunction(() => globalThis.benchSearch !== undefined);
		const session = await browser.context.newCDPSession(page);
		const rows: BenchRow[] = [];
		for (const rate of [1, 6]) {
			await session.send('Emulation.setCPUThrottlingRate', { rate });
			const measured: { indexed: number; longest: number; answered: number }[] = [];
			for (let n = 0; n < runs; n++) measured.push(await page.evaluate(measure, { documents, boosts, questions }));
			const median = (of: (one: (typeof measured)[number]) => number): number => medianOf(measured.map(of));
			rows.push({
				name: `search of the catalogue${rate === 1 ? '' : `, processor ${rate} times slower`}`,
				ratio: median(({ answered }) => answered) / 100,
				budget: rate === 1 ? 1 : null,
				median: `500 courses indexed in ${Math.round(median(({ indexed }) => indexed))} ms (longest pause ${Math.round(median(({ longest }) => longest))} ms), an answer in ${median(({ answered }) => answered).toFixed(1)} ms, of 100 ms`
			});
		}
		return rows;
	} finally {
		await browser.close();
		await rm(folder, { recursive: true, force: true });
	}
}

type Order = {
	readonly documents: readonly Searchable[];
	readonly boosts: Readonly<Record<string, number>>;
	readonly questions: readonly string[];
};

/** In the page. `longest`: for how long no tap would have been answered. */
async function measure({ documents, boosts: fields, questions: asked }: Order) {
	let longest = 0;
	let last = performance.now();
	const beat = setInterval(() => {
		longest = Math.max(longest, performance.now() - last);
		last = performance.now();
	}, 0);
	const started = performance.now();
	const search = await globalThis.benchSearch.createSearch(documents, fields);
	const indexed = performance.now() - started;
	clearInterval(beat);
	const answering = performance.now();
	for (const question of asked) search.find(question);
	return { indexed, longest, answered: (performance.now() - answering) / asked.length };
}

/** Our own courses in all their languages, again and again under other names. */
function fiveHundred(): Searchable[] {
	const real = readdirSync(courses, { withFileTypes: true })
		.filter((entry) => entry.isDirectory() && existsSync(join(courses, entry.name, 'course.yaml')))
		.flatMap(({ name }) =>
			readdirSync(join(courses, name)).flatMap((file) => {
				const language = /^course\.([\w-]+)\.yaml$/.exec(file)?.[1];
				return language === undefined ? [] : [textsOf(join(courses, name), language)];
			})
		);
	return Array.from({ length: 500 }, (_, n) => {
		const texts = real[n % real.length] ?? {};
		return { id: String(n), texts: { ...texts, title: `${texts['title'] ?? ''} ${Math.floor(n / real.length) + 1}` } };
	});
}

function textsOf(folder: string, language: string): Record<string, string> {
	const read = (name: string): Record<string, unknown> =>
		parse(readFileSync(join(folder, `${name}.${language}.yaml`), 'utf8'));
	const { title, description, objectives } = read('course') as {
		title: string;
		description: string;
		objectives: object;
	};
	const glossary = Object.values(read('glossary')) as { term: string }[];
	const units = readdirSync(folder)
		.filter((name) => name.startsWith('unit-') && name.endsWith(`.${language}.md`))
		.map((name) => /^title:\s*(.+)$/m.exec(readFileSync(join(folder, name), 'utf8'))?.[1] ?? '');
	return {
		title,
		description,
		objectives: Object.values(objectives).join('\n'),
		units: units.join('\n'),
		glossary: glossary.map(({ term }) => term).join('\n')
	};
}

async function bundled(): Promise<string> {
	const result = await build({
		configFile: false,
		root: projectRoot,
		logLevel: 'error',
		publicDir: false,
		plugins: [
			{
				name: 'search-on-a-page',
				resolveId: (id) => (id === 'search-on-a-page' ? id : undefined),
				load: (id) =>
					id === 'search-on-a-page'
						? `import { createSearch } from '${join(projectRoot, 'src/lib/client/catalogue/search.ts')}'; globalThis.benchSearch = { createSearch };`
						: undefined
			}
		],
		build: {
			write: false,
			rolldownOptions: { input: 'search-on-a-page', output: { format: 'es', codeSplitting: false } }
		}
	});
	const output = Array.isArray(result) ? result[0] : result;
	const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined;
	if (chunk?.type !== 'chunk') throw new Error('the search was not bundled');
	return chunk.code;
}
