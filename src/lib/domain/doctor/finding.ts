/**
 * What the doctor can find: one code for each thing, with its rule in SPEC (DR) and how grave it is. The sentences are
 * `admin-doctor.finding.<code>` in static/locales: what it is, what it means for a learner, what to do.
 */

/** `blocks` learning offline, worth a `mend`, good to `know`. */
export const SEVERITIES = ['blocks', 'mend', 'know'] as const;
export type Severity = (typeof SEVERITIES)[number];

type Entry = { readonly rule: `DR${number}`; readonly severity: Severity; readonly isGuess?: true };

export const FINDINGS = {
	'loads-elsewhere': { rule: 'DR1', severity: 'blocks' },
	'pictures-elsewhere': { rule: 'DR1', severity: 'mend' },
	'fonts-elsewhere': { rule: 'DR1', severity: 'know' },
	'counters-elsewhere': { rule: 'DR1', severity: 'know' },
	'addresses-in-scripts': { rule: 'DR1', severity: 'know' },
	'links-elsewhere': { rule: 'DR2', severity: 'know' },
	'http-addresses': { rule: 'DR2', severity: 'know' },
	'missing-needed': { rule: 'DR3', severity: 'blocks' },
	'missing-seen': { rule: 'DR3', severity: 'mend' },
	'other-spelling': { rule: 'DR3', severity: 'know' },
	'unused-files': { rule: 'DR4', severity: 'know' },
	'server-pages': { rule: 'DR5', severity: 'blocks' },
	'server-files': { rule: 'DR5', severity: 'know' },
	'forms-to-server': { rule: 'DR5', severity: 'mend' },
	'dead-technology': { rule: 'DR6', severity: 'blocks' },
	'dead-files': { rule: 'DR6', severity: 'know' },
	'media-format': { rule: 'DR6', severity: 'mend' },
	'leaves-frame': { rule: 'DR7', severity: 'mend' },
	popups: { rule: 'DR7', severity: 'mend' },
	'old-browser': { rule: 'DR7', severity: 'mend' },
	'own-storage': { rule: 'DR8', severity: 'know' },
	'service-worker': { rule: 'DR8', severity: 'know' },
	webassembly: { rule: 'DR9', severity: 'know' },
	'picture-without-words': { rule: 'DR10', severity: 'mend' },
	'page-without-language': { rule: 'DR11', severity: 'mend' },
	'page-without-title': { rule: 'DR12', severity: 'mend' },
	'field-without-label': { rule: 'DR13', severity: 'mend' },
	'tab-order': { rule: 'DR14', severity: 'mend' },
	'plays-by-itself': { rule: 'DR15', severity: 'mend' },
	'no-zoom': { rule: 'DR16', severity: 'mend' },
	'video-without-captions': { rule: 'DR17', severity: 'mend' },
	'media-unknown': { rule: 'DR17', severity: 'know' },
	'audio-without-transcript': { rule: 'DR18', severity: 'mend', isGuess: true },
	'keyboard-trap': { rule: 'DR19', severity: 'mend', isGuess: true },
	'heavy-course': { rule: 'DR20', severity: 'mend' },
	'large-pictures': { rule: 'DR21', severity: 'mend' },
	'uncompressed-media': { rule: 'DR22', severity: 'mend' },
	'heavy-video': { rule: 'DR23', severity: 'mend' },
	'suspend-long': { rule: 'DR30', severity: 'mend', isGuess: true },
	'suspend-over': { rule: 'DR30', severity: 'mend' },
	'suspend-full': { rule: 'DR30', severity: 'blocks' },
	'suspend-measured': { rule: 'DR30', severity: 'know' },
	'no-completion': { rule: 'DR31', severity: 'know' },
	'never-complete': { rule: 'DR31', severity: 'blocks', isGuess: true },
	'never-finishes': { rule: 'DR32', severity: 'know' },
	'no-scorm': { rule: 'DR33', severity: 'know' },
	'other-scorm': { rule: 'DR34', severity: 'mend' },
	'mark-without-score': { rule: 'DR35', severity: 'mend' },
	'made-with': { rule: 'DR36', severity: 'know' },
	'not-all-read': { rule: 'DR40', severity: 'know' },
	'drawn-by-script': { rule: 'DR40', severity: 'know' }
} as const satisfies Readonly<Record<string, Entry>>;
export type FindingCode = keyof typeof FINDINGS;

export type Place = {
	readonly path: string;
	/** From 1; null: the file as a whole. */
	readonly line: number | null;
	/** What stands there, short. */
	readonly what: string | null;
};

export type Finding = {
	readonly code: FindingCode;
	readonly rule: `DR${number}`;
	readonly severity: Severity;
	/** False: as far as reading can tell; it may be otherwise when the course runs. */
	readonly isSure: boolean;
	readonly count: number;
	/** The first few. */
	readonly places: readonly Place[];
	/** For the sentences; numbers of bytes have names that end in "Bytes". */
	readonly params: Readonly<Record<string, string | number>>;
};

/** More would be read by nobody, and code made by machines has thousands. */
export const MOST_PLACES = 5;

/** DR0: what is not sure is good to know, no more; except what can only be guessed, and is worth the guess. */
export function finding(
	code: FindingCode,
	places: readonly Place[],
	options: { readonly isSure?: boolean; readonly count?: number; readonly params?: Finding['params'] } = {}
): Finding {
	const { rule, severity, isGuess }: Entry = FINDINGS[code];
	const isSure = (options.isSure ?? true) && isGuess !== true;
	return {
		code,
		rule,
		severity: isSure || isGuess === true ? severity : 'know',
		isSure,
		count: options.count ?? places.length,
		places: places.slice(0, MOST_PLACES),
		params: options.params ?? {}
	};
}

/** As `finding`, or nothing where there is nothing to point at. */
export function findingIfAny(...[code, places, options]: Parameters<typeof finding>): readonly Finding[] {
	return places.length === 0 ? [] : [finding(code, places, options)];
}
