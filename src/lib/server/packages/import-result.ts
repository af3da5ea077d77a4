/**
 * What an import says: why a package was refused and what was odd about one that was accepted.
 * Codes and parameters only; the sentences are `import.refused.<code>` and `import.warning.<code>` in
 * static/locales/<lng>/admin-import.json (a test checks that every code has one).
 */

export const REFUSAL_REASONS = [
	// the archive
	'not-a-zip',
	'archive-truncated',
	'archive-damaged',
	'archive-inconsistent',
	'archive-multi-part',
	'archive-too-large',
	'encrypted',
	'unsupported-compression',
	'too-many-files',
	'file-too-large',
	'total-too-large',
	'compression-ratio',
	'overlapping-entries',
	'lying-sizes',
	'name-unsafe',
	'name-not-utf8',
	'name-too-long',
	'name-reserved',
	'duplicate-names',
	'symlink',
	'special-file',
	// what kind of package
	'manifest-missing',
	'manifest-in-folder',
	'manifest-ambiguous',
	'zip-inside-zip',
	'aicc-package',
	'cmi5-package',
	'xapi-package',
	// the manifest
	'manifest-too-large',
	'manifest-too-complex',
	'manifest-encoding',
	'manifest-not-xml',
	'manifest-doctype',
	'manifest-not-scorm',
	'href-absolute',
	'href-script',
	'href-outside',
	'nothing-to-launch',
	'launch-files-missing',
	// the pack
	'pack-too-large'
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

export const WARNING_CODES = [
	'names-with-backslashes',
	'names-legacy-encoding',
	'names-differ-only-in-case',
	'system-files-left-out',
	'reserved-file-left-out',
	'manifest-name-case',
	'manifest-encoding-wrong',
	'manifest-unknown-entities',
	'manifest-undeclared-prefixes',
	'schema-version-missing',
	'schema-version-unknown',
	'schema-version-conflict',
	'not-scorm',
	'scorm-type-missing',
	'several-organizations',
	'default-organization-missing',
	'no-organization',
	'sub-manifests',
	'identifiers-missing',
	'identifiers-repeated',
	'titles-missing',
	'resource-missing',
	'cluster-with-resource',
	'launch-file-missing',
	'files-missing',
	'files-not-listed',
	'file-name-case',
	'href-backslashes',
	'href-leading-slash',
	'external-files',
	'mastery-score-invalid',
	'time-limit-invalid',
	'time-limit-action-invalid',
	'completion-threshold-invalid',
	'passing-score-invalid',
	'sequencing-reference-missing',
	'sequencing-value-unknown'
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

export type ImportDetail = Readonly<Record<string, string | number>>;
export type ImportWarning = { readonly code: WarningCode; readonly detail: ImportDetail };
export type Refused = { readonly type: 'refused'; readonly reason: RefusalReason; readonly detail: ImportDetail };

/** Carries a refusal out of deep streaming code; the room's public functions turn it into a `Refused` value. */
export class PackageRefusal extends Error {
	readonly reason: RefusalReason;
	readonly detail: ImportDetail;

	constructor(reason: RefusalReason, detail: ImportDetail = {}, options?: ErrorOptions) {
		super(reason, options);
		this.name = 'PackageRefusal';
		this.reason = reason;
		this.detail = detail;
	}
}

/** A refusal becomes a value; anything else (a full disk, a cancelled import) rises. */
export function refusedOrThrow(error: unknown): Refused {
	if (error instanceof PackageRefusal) return { type: 'refused', reason: error.reason, detail: error.detail };
	throw error;
}

/** Warnings of one kind are told once, with how many and the first few examples. */
export class WarningList {
	readonly #found = new Map<WarningCode, { detail: ImportDetail; examples: string[]; count: number }>();

	add(code: WarningCode, detail: ImportDetail = {}): void {
		if (!this.#found.has(code)) this.#found.set(code, { detail, examples: [], count: 0 });
	}

	addExample(code: WarningCode, example: string, detail: ImportDetail = {}): void {
		const found = this.#found.get(code) ?? { detail, examples: [], count: 0 };
		found.count += 1;
		if (found.examples.length < 3) found.examples.push(shorten(example));
		this.#found.set(code, found);
	}

	list(): readonly ImportWarning[] {
		return [...this.#found].map(([code, { detail, examples, count }]) => ({
			code,
			detail: count === 0 ? detail : { ...detail, number: count, examples: examples.join(', ') }
		}));
	}
}

/** Bytes for a sentence: megabytes (10^6) with one decimal. */
export function megabytes(bytes: number): number {
	return Math.ceil(bytes / 100_000) / 10;
}

/** Names come from strangers and go on a screen: one line, not endless. */
export function shorten(text: string, most = 120): string {
	const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
	return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}
