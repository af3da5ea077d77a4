/**
 * Names of what courses say about themselves. Topics and audiences are data: those we know have a name in every language, the
 * others are shown as they were written. Needs the namespaces `catalogue` and (for frameworks) `frameworks`.
 */
import { LEVELS, MODALITIES, type CourseRecord } from '#lib/domain/catalogue/course-record.ts';
import type { Facet } from '#lib/domain/catalogue/filter.ts';
import type { Formats } from './formats.ts';
import type { Translate } from './translator.ts';

export type Speaker = {
	readonly t: Translate;
	readonly has: (key: string) => boolean;
	readonly formats: Formats;
};

export function facetValueName(i18n: Speaker, facet: Facet, value: string): string {
	switch (facet) {
		case 'topic':
			return nameOf(i18n, 'catalogue.topic', value);
		case 'level':
			return LEVELS.some((level) => level === value) ? i18n.t(`catalogue.level.${value}`) : value;
		case 'language':
			return i18n.formats.languageName(value);
		case 'audience':
			return nameOf(i18n, 'catalogue.audience', value);
		case 'modality':
			return MODALITIES.some((modality) => modality === value) ? i18n.t(`catalogue.modality.${value}`) : value;
	}
}

/** DigComp "2.3": the competence and its area in our short words; null for what we have no words for. */
export function competenceName(
	i18n: Speaker,
	{ framework, code }: { readonly framework: string; readonly code: string }
): { readonly area: string; readonly competence: string } | null {
	if (framework.toLowerCase() !== 'digcomp') return null;
	const key = (part: string): string => `frameworks.digcomp.${part.replace('.', '-')}`;
	const area = key(code.split('.')[0] ?? '');
	return i18n.has(key(code)) && i18n.has(area) ? { area: i18n.t(area), competence: i18n.t(key(code)) } : null;
}

/** SDG target "5.b" in our short words; null for one that no course of ours names. */
export function targetName({ t, has }: Speaker, target: string): string | null {
	const key = `frameworks.sdg.target.${target.replace('.', '-')}`;
	return has(key) ? t(key) : null;
}

export type Fact = { readonly label: string; readonly value: string };

/** What else there is to know about a course, as labels and values. */
export function factsOf(
	i18n: Speaker,
	card: {
		readonly code: string;
		readonly packSize: number;
		readonly installedSize: number;
		readonly publishedAt?: number | undefined;
	},
	record: CourseRecord | null
): Fact[] {
	const { t, formats } = i18n;
	const list = (values: readonly string[] | undefined, facet: Facet): string | null =>
		values?.length ? formats.list(values.map((value) => facetValueName(i18n, facet, value))) : null;
	const offline = record?.offline === undefined ? 'unknown' : record.offline ? 'yes' : 'no';
	const edition = record?.edition === undefined ? null : formats.number(record.edition);
	const date = card.publishedAt === undefined ? null : formats.date(card.publishedAt);
	const facts: readonly (readonly [label: string, value: string | null | undefined])[] = [
		['course.topics', list(record?.topics, 'topic')],
		['facet.audience', list(record?.audience, 'audience')],
		['facet.modality', record?.modality && facetValueName(i18n, 'modality', record.modality)],
		['facet.size', sizeWords(i18n, card)],
		['course.offline', t(`catalogue.course.offline-${offline}`)],
		['course.licence', record?.licence],
		[
			'course.edition',
			edition !== null && date !== null ? t('catalogue.course.edition-date', { edition, date }) : (edition ?? date)
		],
		['course.code', card.code]
	];
	return facts.flatMap(([label, value]) => (value ? [{ label: t(`catalogue.${label}`), value }] : []));
}

/** "57 kB to download, needs 208 kB" */
export function sizeWords(
	{ t, formats }: Speaker,
	{ packSize, installedSize }: { readonly packSize: number; readonly installedSize: number }
): string {
	return t('catalogue.course.size-needs', { size: formats.bytes(packSize), needs: formats.bytes(installedSize) });
}

/** "Internet of things" is `internet-of-things`. */
function nameOf({ t, has }: Speaker, prefix: string, value: string): string {
	const slug = value.toLowerCase().replace(/[^a-z0-9]+/g, '-');
	const key = `${prefix}.${slug}`;
	return slug !== '' && has(key) ? t(key) : value;
}
