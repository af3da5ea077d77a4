// Which Chromium the browser tests drive: the one asked for, the machine's own, Playwright's, or the one that npm brings.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Chromium = {
	readonly executablePath: string;
	/** What its process needs besides our own environment (libraries and fonts that a bare machine lacks). */
	readonly env: Readonly<Record<string, string>>;
};

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Starts it only to ask its version: the one sure way to know that it can run here. */
function runs({ executablePath, env }: Chromium): boolean {
	const answer = spawnSync(executablePath, ['--version'], {
		env: { ...process.env, ...env },
		encoding: 'utf8',
		timeout: 30_000
	});
	return answer.status === 0 && /Chrom/i.test(answer.stdout);
}

function fromPath(): string[] {
	const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
	return (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
}

function fromUsualPlaces(): string[] {
	const home = homedir();
	if (process.platform === 'darwin') {
		const apps = ['Google Chrome.app/Contents/MacOS/Google Chrome', 'Chromium.app/Contents/MacOS/Chromium'];
		return ['/Applications', join(home, 'Applications')].flatMap((folder) => apps.map((app) => join(folder, app)));
	}
	if (process.platform === 'win32') {
		return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
			.map((name) => process.env[name])
			.filter((folder) => folder !== undefined)
			.map((folder) => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'));
	}
	return [];
}

function fromPlaywright(): string[] {
	const cache =
		process.env['PLAYWRIGHT_BROWSERS_PATH'] ??
		{
			darwin: join(homedir(), 'Library', 'Caches', 'ms-playwright'),
			win32: join(process.env['LOCALAPPDATA'] ?? homedir(), 'ms-playwright')
		}[process.platform as string] ??
		join(homedir(), '.cache', 'ms-playwright');
	if (!existsSync(cache)) return [];
	const inside = [
		'chrome-linux/chrome',
		'chrome-linux64/chrome',
		'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
		'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
		'chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
		'chrome-win/chrome.exe',
		'chrome-win64/chrome.exe'
	];
	return readdirSync(cache)
		.filter((name) => name.startsWith('chromium-'))
		.sort()
		.reverse()
		.flatMap((name) => inside.map((path) => join(cache, name, path)));
}

/**
 * Chromium from npm (@sparticuz/chromium, Linux on x64 only), unpacked once into node_modules/.cache. It unpacks into the
 * temporary folder and takes whatever `chromium` it finds there, so it gets a folder of its own.
 */
async function fromNpm(): Promise<Chromium | undefined> {
	if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
	const { version } = createRequire(import.meta.url)(
		join(projectRoot, 'node_modules', '@sparticuz', 'chromium', 'package.json')
	) as { version: string };
	const folder = join(projectRoot, 'node_modules', '.cache', `chromium-${version}`);
	if (!existsSync(join(folder, '.complete'))) {
		const partial = `${folder}.${process.pid}`;
		mkdirSync(partial, { recursive: true });
		const previous = process.env['TMPDIR'];
		process.env['TMPDIR'] = partial;
		try {
			const { default: chromium, inflate } = await import('@sparticuz/chromium');
			await chromium.executablePath();
			await inflate(join(projectRoot, 'node_modules', '@sparticuz', 'chromium', 'bin', 'al2023.tar.br'));
		} finally {
			if (previous === undefined) delete process.env['TMPDIR'];
			else process.env['TMPDIR'] = previous;
		}
		writeFileSync(join(partial, '.complete'), '');
		try {
			renameSync(partial, folder);
		} catch (error) {
			// Another process unpacked it meanwhile.
			if (!existsSync(join(folder, '.complete'))) throw error;
			rmSync(partial, { recursive: true, force: true });
		}
	}
	const executablePath = join(folder, 'chromium');
	const fonts: Record<string, string> = existsSync('/etc/fonts') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') };
	const libraries = [join(folder, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
	return [
		{ executablePath, env: fonts },
		{ executablePath, env: { ...fonts, LD_LIBRARY_PATH: libraries } }
	].find(runs);
}

async function search(): Promise<Chromium | undefined> {
	const asked = process.env['CHROMIUM_PATH'];
	if (asked === 'npm') return fromNpm();
	if (asked) {
		const chromium = { executablePath: asked, env: {} };
		if (!existsSync(asked) || !runs(chromium))
			throw new Error(`CHROMIUM_PATH is "${asked}", and no Chromium runs there.`);
		return chromium;
	}
	for (const executablePath of [...fromPath(), ...fromUsualPlaces(), ...fromPlaywright()]) {
		// Chrome on Windows opens a window when asked for its version, so there being found is enough.
		if (existsSync(executablePath) && (process.platform === 'win32' || runs({ executablePath, env: {} }))) {
			return { executablePath, env: {} };
		}
	}
	return fromNpm();
}

let found: Promise<Chromium | undefined> | undefined;

/**
 * The Chromium of this machine, or undefined. CHROMIUM_PATH comes first (`CHROMIUM_PATH=npm` asks for the one from npm).
 * @throws when CHROMIUM_PATH names something that does not run
 */
export function findChromium(): Promise<Chromium | undefined> {
	found ??= search();
	return found;
}

/** For a skipped test's note. */
export const noChromium =
	'No Chromium here: install Chromium or Google Chrome, or set CHROMIUM_PATH to one, and run the browser tests again.';
