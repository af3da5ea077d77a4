/**
 * The runtime's own words, one file per language in `words/`. `{n}` and the like are filled in. Where a number changes
 * the words around it, a message is its forms by plural category (CLDR): `{ "one": "{n} hour", "other": "{n} hours" }`.
 */

export type Message = string | Readonly<Record<string, string>>;

/** `fill('en', 'Screen {n} of {m}', { n: 3, m: 12 })`; `n` decides the plural form. Digits are those of the course's texts: 0 to 9. */
export function fill(language: string, message: Message, values: Readonly<Record<string, string | number>>): string {
	const form =
		typeof message === 'string'
			? message
			: (message[categoryOf(language, Number(values['n']))] ?? message['other'] ?? '');
	return form.replace(/\{(\w+)\}/g, (all, name: string) => {
		const value = values[name] ?? all;
		return typeof value === 'number' ? new Intl.NumberFormat(`${language}-u-nu-latn`).format(value) : value;
	});
}

function categoryOf(language: string, n: number): string {
	return new Intl.PluralRules(language).select(n);
}

export type Words = {
	readonly next: string;
	readonly back: string;
	readonly check: string;
	readonly start: string;
	readonly continue: string;
	readonly contents: string;
	readonly close: string;
	/** "Unit 2" */
	readonly unit: string;
	/** "Screen 3 of 12" */
	readonly screenOf: string;
	/** "Question 3 of 14" */
	readonly questionOf: string;
	readonly welcomeBack: string;
	readonly youWill: string;
	readonly forWhom: string;
	readonly youNeed: string;
	readonly time: string;
	/** "About {n} hours" */
	readonly hours: Message;
	readonly ownPace: string;
	readonly draft: string;
	readonly notBegun: string;
	/** "{n} of {m} seen" */
	readonly goingOn: string;
	readonly done: string;
	readonly quiz: string;
	readonly quizIntro: string;
	/** "{n} questions." */
	readonly quizCount: Message;
	/** "To pass, at least {n} answers must be right." */
	readonly quizNeed: Message;
	readonly quizNoClock: string;
	readonly quizStart: string;
	readonly quizGoOn: string;
	readonly quizLocked: string;
	/** "Screens left: {n}" */
	readonly quizLeft: string;
	readonly goToUnseen: string;
	readonly results: string;
	/** "Right answers: {n} of {m} ({p} percent)" */
	readonly resultLine: string;
	readonly passed: string;
	readonly passedText: string;
	readonly notPassed: string;
	readonly notPassedText: string;
	readonly best: string;
	readonly byObjective: string;
	/** "{n} of {m} right" */
	readonly rightOf: string;
	readonly retry: string;
	readonly finish: string;
	readonly finished: string;
	readonly finishedText: string;
	readonly toCard: string;
	readonly right: string;
	readonly wrong: string;
	readonly tryAgain: string;
	readonly somethingMissing: string;
	readonly rightAnswer: string;
	readonly chooseOne: string;
	readonly chooseAll: string;
	readonly chooseFirst: string;
	readonly matchHint: string;
	readonly matchFirst: string;
	readonly choose: string;
	readonly orderHint: string;
	/** "Move up: {t}" */
	readonly moveUp: string;
	readonly moveDown: string;
	/** "{t}: place {n} of {m}" */
	readonly moved: string;
	readonly typeNumber: string;
	readonly typeWord: string;
	readonly typeFirst: string;
	readonly typeNumberFirst: string;
	readonly spotOne: string;
	readonly spotAll: string;
	readonly spotFirst: string;
	/** "Step {n} of {m}" */
	readonly stepOf: string;
	readonly tip: string;
	readonly practice: string;
	/** "About {n} minutes, on your own phone" */
	readonly practiceMinutes: Message;
	readonly practiceDone: string;
	readonly story: string;
	readonly whatNow: string;
	readonly card: string;
	readonly print: string;
	/** Opens what a recording or film says, as text. */
	readonly transcript: string;
	/** Names the captions in a player's menu. */
	readonly captions: string;
	readonly good: string;
	readonly careful: string;
	readonly localNotes: string;
	readonly glossary: string;
	readonly textSize: string;
	readonly textSmaller: string;
	readonly textLarger: string;
	/** Switches the simple mode: large letters, one thing at a time, no decoration. */
	readonly simple: string;
	/** "Part {n} of {m}", of one screen in simple mode */
	readonly partOf: string;
	readonly listen: string;
	readonly stop: string;
	readonly notSaved: string;
	readonly tutorNotes: string;
	readonly needsScript: string;
};
