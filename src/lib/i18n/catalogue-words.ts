/**
 * Names of what courses say about themselves. Topics and audiences are data: those we know have a name in every language, the
 * others are shown as they were written. Needs the namespaces `catalogue` and (for frameworks) `frameworks`.
 */
import { LEVELS, MODALITIES } from '#lib/domain/catalogue/course-record.ts';
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
			return topicName(i18n, value);
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

/** "Internet of things" is `internet-of-things`. */
export function topicName(i18n: Speaker, topic: string): string {
	return nameOf(i18n, 'catalogue.topic', topic);
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

function nameOf({ t, has }: Speaker, prefix: string, value: string): string {
	const slug = value.toLowerCase().replace(/[^a-z0-9]+/g, '-');
	const key = `${prefix}.${slug}`;
	return slug !== '' && has(key) ? t(key) : value;
}
