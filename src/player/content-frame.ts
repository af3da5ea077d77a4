/** The iframe that shows one item of the package, on our own origin, and how it is taken away so that its last words are heard. */
import { packagePath } from '#lib/contracts/player-port.ts';
import type { ItemLaunch } from '#lib/domain/course/course-structure.ts';

export class ContentFrame {
	readonly #frame: HTMLIFrameElement;
	/** The page has been shown to the learner at least once. */
	isLoaded = false;

	constructor(packId: string, launch: ItemLaunch, title: string, loaded: () => void) {
		this.#frame = document.createElement('iframe');
		this.#frame.title = title;
		this.#frame.allow = 'autoplay; fullscreen; unload';
		this.#frame.src = addressOf(packId, launch);
		this.#frame.addEventListener('load', () => {
			if (this.isLoaded) return;
			this.isLoaded = true;
			loaded();
		});
		document.body.append(this.#frame);
		this.#frame.focus();
	}

	/** Returns after the content's beforeunload, pagehide and unload have run. */
	remove(): void {
		// Removing a frame fires no beforeunload, and old content says goodbye only there.
		const { contentWindow } = this.#frame;
		if (contentWindow !== null) sayBeforeUnload(contentWindow);
		this.#frame.remove();
	}
}

/** "/pkg/0123456789abcdef0123/a%20b/index.html?lang=en#p2" */
export function addressOf(packId: string, { path, suffix }: Pick<ItemLaunch, 'path' | 'suffix'>): string {
	return packagePath(packId, path) + suffix;
}

function sayBeforeUnload(view: Window): void {
	try {
		view.dispatchEvent(new Event('beforeunload', { cancelable: true }));
		for (let index = 0; index < view.frames.length; index++) {
			const child = view.frames[index];
			if (child !== undefined) sayBeforeUnload(child);
		}
	} catch {
		// A frame of another origin, or a handler that threw: the real unload follows.
	}
}
