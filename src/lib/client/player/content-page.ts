/**
 * A page of a content origin in an iframe, and the one MessagePort to it. The page is untrusted: origin and source of its
 * first word are checked, every message is parsed, and what does not parse is dropped.
 */
import * as v from 'valibot';
import { helloSchema, PORT_VERSION, type Connect, type Hello } from '#lib/contracts/player-port.ts';
import { AppError } from '#lib/errors/app-error.ts';

export type PageOptions<From> = {
	readonly origin: string;
	readonly role: Hello['role'];
	readonly container: HTMLElement;
	/** Accessible name of the frame; null = hidden from everybody. */
	readonly title: string | null;
	/** Package needs window.open. */
	readonly popups?: boolean | undefined;
	readonly schema: v.GenericSchema<unknown, From>;
	readonly receive: (message: From) => void;
	/** Milliseconds to wait for the page's first word. */
	readonly timeout: number;
};

/** Never allow-top-navigation: the package would leave with the app. */
const SANDBOX = {
	installer: 'allow-scripts allow-same-origin',
	player: 'allow-scripts allow-same-origin allow-forms allow-modals allow-downloads'
} as const;

export class ContentPage<To> {
	readonly #frame: HTMLIFrameElement;
	readonly #port: MessagePort;

	/** @throws AppError content-unreachable when the page never says hello: neither installed here nor online */
	static async open<To, From>(options: PageOptions<From>): Promise<ContentPage<To>> {
		const frame = document.createElement('iframe');
		frame.setAttribute('sandbox', `${SANDBOX[options.role]}${options.popups === true ? ' allow-popups' : ''}`);
		frame.allow = 'autoplay; fullscreen; unload';
		frame.src = `${options.origin}/${options.role}.html`;
		if (options.title === null) {
			frame.hidden = true;
			frame.setAttribute('aria-hidden', 'true');
			frame.tabIndex = -1;
		} else {
			frame.title = options.title;
			frame.style.cssText = 'display:block;inline-size:100%;block-size:100%;border:0';
		}
		const isThere = hello(frame, options);
		options.container.append(frame);
		try {
			await isThere;
		} catch (cause) {
			frame.remove();
			throw cause;
		}
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = (event: MessageEvent<unknown>) => {
			const parsed = v.safeParse(options.schema, event.data);
			if (parsed.success) options.receive(parsed.output);
		};
		const connect: Connect = { waypost: 'connect', v: PORT_VERSION };
		frame.contentWindow?.postMessage(connect, options.origin, [port2]);
		return new ContentPage<To>(frame, port1);
	}

	private constructor(frame: HTMLIFrameElement, port: MessagePort) {
		this.#frame = frame;
		this.#port = port;
	}

	send(message: To): void {
		this.#port.postMessage(message);
	}

	focus(): void {
		this.#frame.focus();
	}

	remove(): void {
		this.#frame.remove();
		// The port stays open for a moment: what the content says in its unload is still on its way.
		setTimeout(() => this.#port.close(), 2_000);
	}
}

function hello<From>(frame: HTMLIFrameElement, { origin, role, timeout }: PageOptions<From>): Promise<void> {
	return new Promise((resolve, reject) => {
		const stop = () => {
			clearTimeout(timer);
			removeEventListener('message', receive);
		};
		const timer = setTimeout(() => {
			stop();
			reject(new AppError('content-unreachable'));
		}, timeout);
		const receive = (event: MessageEvent<unknown>) => {
			if (event.origin !== origin || event.source !== frame.contentWindow) return;
			const parsed = v.safeParse(helloSchema, event.data);
			if (!parsed.success || parsed.output.role !== role) return;
			stop();
			resolve();
		};
		addEventListener('message', receive);
	});
}
