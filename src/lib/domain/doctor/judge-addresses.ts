/** DR1 to DR9: will it work without a network, and in a frame that nothing leaves? */
import type { FileFacts, Reference, SignName, Use } from './package-facts.ts';
import { findingIfAny, type Finding, type FindingCode, type Place } from './finding.ts';
import { FileNames, meaningOf } from './reference.ts';

/** Services that count visitors; a course does the same without them. */
const COUNTERS =
	/(?:^|\.)(?:google-analytics\.com|googletagmanager\.com|doubleclick\.net|hotjar\.com|matomo\.cloud|segment\.(?:com|io)|mixpanel\.com|newrelic\.com|nr-data\.net|facebook\.net|clarity\.ms|statcounter\.com|sentry\.io)$/;
const FONT_SERVICES =
	/^(?:fonts\.(?:googleapis|gstatic)\.com|use\.typekit\.(?:net|com)|p\.typekit\.net|fast\.fonts\.(?:net|com)|kit\.fontawesome\.com|use\.fontawesome\.com|cloud\.typography\.com|fonts\.bunny\.net)$/;
/** Names of formats and licences, which nobody fetches. */
const NAMES_ONLY =
	/(?:^|\.)(?:w3\.org|schema\.org|purl\.org|xmlsoap\.org|imsglobal\.org|imsproject\.org|adlnet\.(?:org|gov)|json-schema\.org|ns\.adobe\.com|ieee\.org|xmlns\.com|ogp\.me|creativecommons\.org|openxmlformats\.org|example\.(?:com|org))$|^ns\.|^localhost$/;
const SERVER_SIDE = /\.(?:php\d?|phtml|aspx?|ashx|asmx|jspx?|cfm|cgi|pl|do)$/i;
/** Plugins that browsers no longer have: Flash, Shockwave, Silverlight, Java, Unity. */
const DEAD = /\.(?:swf|dcr|dir|xap|class|jar|unity3d|fla)$/i;
/** Media that phones do not play, and pictures they do not show. */
const ODD_MEDIA = /\.(?:wmv|wma|avi|flv|f4v|rm|ram|mov|mpe?g|3gp|asf|midi?|aiff?|tiff?|psd|wmf|emf)$/i;

type Spot = { readonly place: Place; readonly isSure: boolean };
type Seen = Map<string, Spot>;

export function judgeAddresses(files: readonly FileFacts[], reached: ReadonlySet<string>): readonly Finding[] {
	const names = new FileNames(files.map(({ path }) => path));
	const found = new Map<FindingCode, Seen>();
	/** Each address once for each code; sure wins over perhaps. */
	const note = (code: FindingCode, key: string, place: Place, isSure: boolean): void => {
		const seen = found.get(code) ?? new Map<string, Spot>();
		found.set(code, seen);
		if (seen.get(key)?.isSure !== true) seen.set(key, { place, isSure });
	};
	const referenced = new Set<string>();
	const hosts = new Map<string, Place>();
	const toldHosts = new Set<string>();

	for (const file of files) {
		if (file.text === null) continue;
		const isReached = reached.has(file.path);
		for (const reference of file.text.references) {
			const meaning = meaningOf(reference.address, file.path, file.text.base);
			const place = placeOf(file, reference);
			if (meaning.kind === 'nothing') continue;
			if (meaning.kind === 'elsewhere') {
				if (reference.use === 'address') {
					if (!NAMES_ONLY.test(meaning.host) && !file.text.isGenerated && !hosts.has(meaning.host))
						hosts.set(meaning.host, { ...place, what: meaning.host });
					continue;
				}
				const isSure = isReached && (reference.isPlain || !file.text.isGenerated);
				const code = codeOf(reference.use, meaning.host);
				if (code !== null) note(code, reference.address, place, isSure);
				toldHosts.add(meaning.host);
				if (meaning.isPlainHttp && code !== null) note('http-addresses', reference.address, place, true);
				continue;
			}
			if (reference.use === 'address' || reference.use === 'request' || !reference.isPlain) continue;
			if (meaning.kind === 'inside') {
				const there = names.find(meaning.path);
				if (SERVER_SIDE.test(meaning.path) && ['frame', 'form', 'link', 'script', 'image'].includes(reference.use)) {
					note('server-pages', meaning.path, place, isReached && reference.use !== 'link');
					referenced.add(there.path);
					continue;
				}
				if (DEAD.test(meaning.path) && reference.use === 'object') {
					note('dead-technology', meaning.path, place, isReached);
					referenced.add(there.path);
					continue;
				}
				if (ODD_MEDIA.test(meaning.path) && ['media', 'image', 'object', 'link'].includes(reference.use)) {
					note('media-format', meaning.path, place, isReached);
					referenced.add(there.path);
				}
				if (there.found === 'as-written') continue;
				if (there.found === 'other-spelling') {
					note('other-spelling', meaning.path, place, true);
					continue;
				}
			}
			// A page nobody comes to, or the style sheet of a library, may name what it likes.
			if (reference.use === 'form' || reference.use === 'icon') continue;
			const isNeeded = ['script', 'style', 'frame'].includes(reference.use);
			const isSure = isReached && file.text.kind === 'page';
			note(isNeeded ? 'missing-needed' : 'missing-seen', reference.address, place, isSure);
		}
	}
	for (const { path } of files) {
		if (referenced.has(path)) continue;
		if (SERVER_SIDE.test(path)) note('server-files', path, whole(path), true);
		if (DEAD.test(path)) note('dead-files', path, whole(path), true);
	}
	return [
		...[...found].flatMap(([code, seen]) => told(code, seen)),
		...findingIfAny(
			'addresses-in-scripts',
			[...hosts].flatMap(([host, place]) => (toldHosts.has(host) ? [] : [place])),
			{ isSure: false }
		)
	];
}

function told(code: FindingCode, seen: Seen): readonly Finding[] {
	const places = (isSure: boolean) =>
		[...seen.values()].filter((spot) => spot.isSure === isSure).map(({ place }) => place);
	return [...findingIfAny(code, places(true)), ...findingIfAny(code, places(false), { isSure: false })];
}

function codeOf(use: Use, host: string): FindingCode | null {
	if (use === 'link') return 'links-elsewhere';
	if (use === 'form') return 'forms-to-server';
	if (COUNTERS.test(host)) return 'counters-elsewhere';
	if (use === 'font' || FONT_SERVICES.test(host)) return 'fonts-elsewhere';
	if (use === 'image') return 'pictures-elsewhere';
	if (use === 'icon' || use === 'address') return null;
	return 'loads-elsewhere';
}

function placeOf({ path }: FileFacts, { line, address }: Reference): Place {
	return { path, line, what: address };
}

function whole(path: string): Place {
	return { path, line: null, what: null };
}

/** Signs that make a finding by themselves: what they are in code made by machines, they only may be. */
const BY_SIGN: readonly (readonly [SignName, FindingCode])[] = [
	['dead-technology', 'dead-technology'],
	['leaves-frame', 'leaves-frame'],
	['popup', 'popups'],
	['old-browser', 'old-browser'],
	['document-domain', 'old-browser'],
	['storage', 'own-storage'],
	['service-worker', 'service-worker']
];

export function judgeBehaviour(files: readonly FileFacts[], reached: ReadonlySet<string>): readonly Finding[] {
	const modules = files.filter(({ path }) => path.toLowerCase().endsWith('.wasm'));
	const codes = [...new Set(BY_SIGN.map(([, code]) => code))];
	return [
		...codes.flatMap((code) => {
			const signs = BY_SIGN.filter(([, own]) => own === code).map(([sign]) => sign);
			return [true, false].flatMap((isSure) => {
				const { count, places } = signsIn(
					files.filter((file) => isSure === (reached.has(file.path) && file.text?.isGenerated === false)),
					signs
				);
				return findingIfAny(code, places, { isSure, count });
			});
		}),
		...findingIfAny(
			'webassembly',
			modules.map(({ path }) => whole(path)),
			{ params: { totalBytes: sum(modules.map(({ packed }) => packed)) } }
		)
	];
}

/** How often these signs stand in these files, and the first places. */
export function signsIn(
	files: readonly FileFacts[],
	names: readonly SignName[]
): { readonly count: number; readonly places: readonly Place[] } {
	let count = 0;
	const places: Place[] = [];
	for (const { path, text } of files) {
		for (const sign of text?.signs ?? []) {
			if (!names.includes(sign.sign)) continue;
			count += sign.count;
			places.push(...sign.spots.map(({ line, what }) => ({ path, line, what: what === '' ? null : what })));
		}
	}
	return { count, places };
}

export function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, one) => total + one, 0);
}
