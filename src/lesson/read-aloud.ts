/** Reads a screen aloud when the device has a voice for its language. A voice of another language would only confuse. */

export type ReadAloud = {
	/** Reads the elements one after the other; calls `ended` when done or stopped. */
	start(root: HTMLElement, ended: () => void): void;
	stop(): void;
};

/** @param ready called when there is a voice; on some phones the list of voices comes late. */
export function readAloud(language: string, ready: (reader: ReadAloud) => void): void {
	const synthesis = globalThis.speechSynthesis as SpeechSynthesis | undefined;
	if (synthesis === undefined || typeof SpeechSynthesisUtterance === 'undefined') return;
	let told = false;
	const look = (): void => {
		const voice = voiceFor(synthesis.getVoices(), language);
		if (voice === null || told) return;
		told = true;
		ready(reader(synthesis, voice, language));
	};
	look();
	synthesis.addEventListener?.('voiceschanged', look);
}

/**
 * A voice of this language, or none: one that needs no network comes first, then one of the same region. Some phones
 * write `zh_CN`, some give Chinese the name of its largest tongue (`cmn-Hans-CN`).
 */
export function voiceFor<V extends { readonly lang: string; readonly localService: boolean }>(
	voices: readonly V[],
	language: string
): V | null {
	const base = (tag: string): string => {
		const [first = ''] = tag.toLowerCase().split(/[-_]/);
		return first === 'cmn' ? 'zh' : first;
	};
	const exact = (voice: V): boolean => voice.lang.toLowerCase().replaceAll('_', '-') === language.toLowerCase();
	const fitting = voices.filter((voice) => base(voice.lang) === base(language));
	const best = [...fitting].sort(
		(a, b) => Number(b.localService) - Number(a.localService) || Number(exact(b)) - Number(exact(a))
	);
	return best[0] ?? null;
}

function reader(synthesis: SpeechSynthesis, voice: SpeechSynthesisVoice, language: string): ReadAloud {
	let run = 0;
	return {
		start(root, ended) {
			synthesis.cancel();
			const mine = ++run;
			const texts = textsToRead(root);
			texts.forEach((text, n) => {
				const utterance = new SpeechSynthesisUtterance(text);
				utterance.voice = voice;
				utterance.lang = voice.lang || language;
				utterance.rate = 0.95;
				if (n === texts.length - 1) utterance.addEventListener('end', () => mine === run && ended());
				synthesis.speak(utterance);
			});
			if (texts.length === 0) ended();
		},
		stop() {
			run += 1;
			synthesis.cancel();
		}
	};
}

/** Piece by piece, since long utterances are cut off by some engines. */
function textsToRead(root: HTMLElement): readonly string[] {
	const pieces = root.querySelectorAll<HTMLElement>(
		'h1, h2, p, li, legend, label, figcaption, svg[aria-label], [role=img][aria-label], .choice'
	);
	return [...pieces]
		.filter((piece) => piece.getClientRects().length > 0 && piece.querySelector('p, li, h2') === null)
		.map((piece) => (piece.getAttribute('aria-label') ?? piece.textContent ?? '').replace(/\s+/g, ' ').trim())
		.filter((text) => text !== '');
}
