// Chromium as people have it. Playwright's default flags switch storage partitioning off and popups on, which would make
// the tests of our two origins worthless, so none of them is used; everything we pass is written here.
import { chromium, type BrowserContext } from 'playwright-core';
import { findChromium, noChromium } from './find-chromium.ts';

export type LaunchOptions = {
	/** BCP 47; what pages see as navigator.language and servers as Accept-Language. */
	readonly locale?: string | undefined;
	readonly viewport?: { readonly width: number; readonly height: number } | undefined;
	readonly colorScheme?: 'light' | 'dark' | undefined;
	readonly reducedMotion?: 'reduce' | 'no-preference' | undefined;
	/** A touch screen and a phone's viewport rules. */
	readonly mobile?: boolean | undefined;
	readonly extraArgs?: readonly string[] | undefined;
};

export type LaunchedBrowser = {
	/** The one context of the profile; `context.newPage()` opens a tab. */
	readonly context: BrowserContext;
	/** Of the browser process itself. */
	readonly pid: number;
	/** SIGKILL to the browser and its children, as a power button does; resolves when they are gone. */
	readonly kill: () => Promise<void>;
	/** A proper quit, which lets it write its profile. */
	readonly close: () => Promise<void>;
};

const flags = [
	'--headless=new',
	'--remote-debugging-pipe',
	'--no-first-run',
	'--no-default-browser-check',
	'--disable-gpu',
	'--disable-quic',
	'--disable-dev-shm-usage',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-default-apps',
	'--disable-extensions',
	'--disable-sync',
	'--disable-breakpad',
	'--disable-search-engine-choice-screen',
	'--metrics-recording-only',
	'--password-store=basic',
	'--use-mock-keychain',
	'--hide-scrollbars',
	'--mute-audio',
	'--force-color-profile=srgb',
	// Defaults only: no experiment that happens to be rolled out to a share of installations.
	'--disable-field-trial-config',
	// Our local hosts speak plain HTTP. And the address bar of a desktop is a page of four hundred scripts, which nobody here uses
	// and which costs every start of the browser half a second of two cores.
	'--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup'
];

/** Whether a process is still there. */
function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

async function browserPid(context: BrowserContext): Promise<number> {
	const session = await context.browser()?.newBrowserCDPSession();
	const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] };
	await session?.detach();
	const pid = processInfo.find(({ type }) => type === 'browser')?.id;
	if (pid === undefined) throw new Error('Chromium does not tell its process id.');
	return pid;
}

/**
 * Opens a profile folder (made if missing) in a real, headless Chromium. Launching again on the same folder is the same
 * person opening the browser again.
 * @throws when there is no Chromium (ask `findChromium` first, to skip)
 */
export async function launchPersistent(profileDir: string, options: LaunchOptions = {}): Promise<LaunchedBrowser> {
	const browser = await findChromium();
	if (!browser) throw new Error(noChromium);
	const viewport = options.viewport ?? { width: 360, height: 740 };
	const locale = options.locale ?? 'en-GB';
	const open = (sandboxed: boolean) =>
		chromium.launchPersistentContext(profileDir, {
			executablePath: browser.executablePath,
			env: { ...process.env, ...browser.env, LANGUAGE: locale },
			ignoreDefaultArgs: true,
			args: [
				...flags,
				...(sandboxed ? [] : ['--no-sandbox']),
				`--lang=${locale}`,
				`--window-size=${viewport.width},${viewport.height}`,
				`--user-data-dir=${profileDir}`,
				...(options.extraArgs ?? []),
				'about:blank'
			],
			viewport,
			locale,
			colorScheme: options.colorScheme ?? 'light',
			reducedMotion: options.reducedMotion ?? 'no-preference',
			...(options.mobile ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {})
		});
	// Chromium refuses to sandbox itself as root, and where the system forbids user namespaces (many containers).
	const isRoot = process.getuid?.() === 0;
	const context = await open(!isRoot).catch((error: unknown) => {
		if (isRoot || !/sandbox/i.test(String(error))) throw error;
		return open(false);
	});
	const pid = await browserPid(context);
	const closed = new Promise<void>((resolve) => context.on('close', () => resolve()));
	return {
		context,
		pid,
		async kill() {
			// Playwright starts the browser as the leader of its own process group.
			process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
			await closed;
			while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
		},
		close: () => context.close()
	};
}
