/** The hidden installer page of one content origin, asked in questions and answers. One question of a kind at a time. */
import { fromInstallerSchema, type FromInstaller, type ToInstaller } from '#lib/contracts/player-port.ts';
import { AppError } from '#lib/errors/app-error.ts';
import { ContentPage } from './content-page.ts';

/** The pages are cached on the device; only a first visit waits for the network. */
const FIRST_WORD_MS = 8_000;
const FIRST_VISIT_MS = 30_000;

type Of<Kind extends FromInstaller['t']> = Extract<FromInstaller, { t: Kind }>;

export class InstallerPage {
	readonly #page: ContentPage<ToInstaller>;
	readonly #listeners: Set<(message: FromInstaller) => void>;

	/** @param isFirstVisit nothing of this origin is on the device yet */
	static async open(origin: string, isFirstVisit = false): Promise<InstallerPage> {
		const listeners = new Set<(message: FromInstaller) => void>();
		const page = await ContentPage.open<ToInstaller, FromInstaller>({
			origin,
			role: 'installer',
			container: document.body,
			title: null,
			schema: fromInstallerSchema,
			receive: (message) => {
				for (const listener of listeners) listener(message);
			},
			timeout: isFirstVisit ? FIRST_VISIT_MS : FIRST_WORD_MS
		});
		return new InstallerPage(page, listeners);
	}

	private constructor(page: ContentPage<ToInstaller>, listeners: Set<(message: FromInstaller) => void>) {
		this.#page = page;
		this.#listeners = listeners;
	}

	send(message: ToInstaller): void {
		this.#page.send(message);
	}

	/** @returns call it to stop listening */
	listen(listener: (message: FromInstaller) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** @throws AppError content-unreachable when no answer comes */
	ask<Kind extends FromInstaller['t']>(
		question: ToInstaller,
		kind: Kind,
		matches: (answer: Of<Kind>) => boolean = () => true,
		timeout = FIRST_WORD_MS
	): Promise<Of<Kind>> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				stop();
				reject(new AppError('content-unreachable'));
			}, timeout);
			const stop = this.listen((message) => {
				if (message.t !== kind || !matches(message as Of<Kind>)) return;
				clearTimeout(timer);
				stop();
				resolve(message as Of<Kind>);
			});
			this.send(question);
		});
	}

	close(): void {
		this.#page.remove();
	}
}
