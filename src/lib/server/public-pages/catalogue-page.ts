/**
 * The public catalogue: what is published, in words; an entry a course with its languages, chosen by a plain form. No figures of
 * people, nothing that needs a session.
 */
import { unitTitles, type CourseRecord } from '#lib/domain/catalogue/course-record.ts';
import { baseOf, entriesOf, type Entry, type Listed } from '#lib/domain/catalogue/entry.ts';
import { countChosen, FACETS, facetValues, filterEntries, readFilter, SIZES } from '#lib/domain/catalogue/filter.ts';
import { isFound, tokensOf, wantedOf } from '#lib/domain/catalogue/search-text.ts';
import {
	competenceName,
	factsOf,
	facetValueName,
	sizeWords,
	targetName,
	type Fact
} from '#lib/i18n/catalogue-words.ts';
import { directionOf } from '#lib/i18n/languages.ts';
import type { CourseCard } from '#lib/contracts/sync.ts';
import { courseCardOf, listCourses } from '#lib/server/repositories/courses.ts';
import { currentRevision, findPackagesOfCourses } from '#lib/server/repositories/packages.ts';
import type { Reader } from './reader.ts';

export type CatalogueEntry = {
	readonly href: string;
	readonly title: string;
	readonly description: string;
	readonly language: string;
	readonly direction: 'ltr' | 'rtl';
	readonly facts: readonly Fact[];
	readonly versions: readonly Version[];
};

export type Version = {
	readonly href: string;
	readonly name: string;
	readonly language: string;
	/** "draft translation, not yet reviewed", or the media edition. */
	readonly notes: readonly string[];
	readonly size: string;
	readonly current: boolean;
};

export type CatalogueForm = {
	readonly title: string;
	readonly search: { readonly label: string; readonly value: string };
	/** Groups of boxes (several may be ticked) and of circles (one). */
	readonly groups: readonly {
		readonly name: string;
		readonly label: string;
		readonly kind: 'checkbox' | 'radio';
		readonly values: readonly { readonly value: string; readonly label: string; readonly chosen: boolean }[];
	}[];
	readonly apply: string;
	readonly clear: { readonly href: string; readonly text: string } | null;
	/** Kept in the address; null when the browser's wish was followed. */
	readonly lang: string | null;
	/** Something is chosen or asked: the form stands open. */
	readonly open: boolean;
};

export type Catalogue = {
	readonly title: string;
	readonly lead: string;
	/** What to say when nothing is left. */
	readonly empty: string | null;
	readonly count: string;
	readonly form: CatalogueForm | null;
	readonly courses: readonly CatalogueEntry[];
};

type PublicCourse = { readonly card: CourseCard; readonly record: CourseRecord | null };

/** Nothing is on a visitor's device. */
const nowhere = (): boolean => false;

export async function catalogue(reader: Reader, params: URLSearchParams): Promise<Catalogue> {
	const { translator, language, langQuery } = reader;
	const { t } = translator;
	const all = await publicEntries(reader);
	const filter = { ...readFilter(params), where: params.get('where') === 'offline' ? ('offline' as const) : null };
	const question = (params.get('q') ?? '').slice(0, 200);
	const left = filterEntries(foundIn(all, question), filter, nowhere);
	const asked = countChosen(filter) > 0 || question.trim() !== '';
	return {
		title: t('public.catalogue.title'),
		lead: t('public.catalogue.lead'),
		empty: left.length > 0 ? null : asked ? t('catalogue.filter.none') : t('public.catalogue.empty'),
		count: t('public.catalogue.count', { count: left.length }),
		form:
			all.length < 2
				? null
				: {
						title: t('catalogue.filter.title'),
						search: { label: t('public.catalogue.search'), value: question },
						groups: groupsOf(all, filter, reader),
						apply: t('public.catalogue.apply'),
						clear: asked ? { href: `/catalogue${langQuery}`, text: t('catalogue.filter.clear') } : null,
						lang: langQuery === '' ? null : language,
						open: asked
					},
		courses: left.map((entry) => entryOf(entry, reader))
	};
}

function groupsOf(
	entries: readonly Entry<PublicCourse>[],
	filter: ReturnType<typeof readFilter>,
	{ translator }: Reader
): CatalogueForm['groups'] {
	const { t, formats } = translator;
	const facets = FACETS.map((facet) => ({
		name: facet,
		label: t(`catalogue.facet.${facet}`),
		kind: 'checkbox' as const,
		values: facetValues(entries, filter, facet, nowhere).map(({ value, count, chosen }) => ({
			value,
			label: t('catalogue.value', { name: facetValueName(translator, facet, value), count }),
			chosen
		}))
	})).filter(({ values }) => values.length > 1 || values.some(({ chosen }) => chosen));
	return [
		...facets,
		{
			name: 'size',
			label: t('catalogue.facet.size'),
			kind: 'radio',
			values: [
				{ value: '', label: t('public.catalogue.size-any'), chosen: filter.size === null },
				...SIZES.map((size) => ({
					value: String(size),
					label: t('catalogue.size-to', { size: formats.bytes(size) }),
					chosen: filter.size === size
				}))
			]
		},
		{
			name: 'where',
			label: t('catalogue.facet.where'),
			kind: 'checkbox',
			values: [{ value: 'offline', label: t('catalogue.where.offline'), chosen: filter.where === 'offline' }]
		}
	];
}

/** Without an index: the lists are short, and a page without a script has no typing to follow. */
function foundIn(entries: readonly Entry<PublicCourse>[], question: string): readonly Entry<PublicCourse>[] {
	const wanted = wantedOf(question);
	if (wanted.length === 0) return entries;
	return entries.flatMap((entry) => {
		const found = entry.versions.filter((course) => isFound(wanted, termsOf(course)));
		const [first, ...rest] = found;
		if (first === undefined) return [];
		const others = entry.versions.filter((course) => !found.includes(course));
		return [{ ...entry, versions: [first, ...rest, ...others] as const }];
	});
}

function termsOf({ card, record }: PublicCourse): ReadonlySet<string> {
	const texts = [
		card.title,
		card.code,
		record?.code ?? '',
		card.description,
		...card.objectives,
		...unitTitles({ card, record }),
		...(record?.glossary ?? []).map(({ term }) => term)
	];
	return new Set(texts.flatMap((text) => tokensOf(text).map(({ term }) => term)));
}

export type CataloguePage = Omit<CatalogueEntry, 'versions'> & {
	readonly draft: string | null;
	readonly sections: readonly Section[];
	readonly back: { readonly href: string; readonly text: string };
	readonly signIn: string;
	readonly ask: string;
};

/** Part of a course's page: text in the reader's language, or (with `language`) in the course's. */
export type Section = {
	readonly title: string;
	readonly language?: string | undefined;
	readonly direction?: 'ltr' | 'rtl' | undefined;
	readonly paragraphs?: readonly string[] | undefined;
	readonly items?:
		| readonly {
				readonly text: string;
				readonly note?: string | undefined;
				readonly href?: string | undefined;
				readonly language?: string | undefined;
				readonly quote?:
					{ readonly text: string; readonly language: string; readonly direction: 'ltr' | 'rtl' } | undefined;
		  }[]
		| undefined;
	readonly numbered?: boolean | undefined;
	readonly versions?: readonly Version[] | undefined;
	readonly facts?: readonly Fact[] | undefined;
};

/** Null when it is not, or no longer, offered. */
export async function cataloguePage(reader: Reader, courseId: string): Promise<CataloguePage | null> {
	const { translator, langQuery } = reader;
	const { t } = translator;
	const entries = await publicEntries(reader);
	const entry = entries.find(({ versions }) => versions.some(({ card }) => card.courseId === courseId));
	const course = entry?.versions.find(({ card }) => card.courseId === courseId);
	if (entry === undefined || course === undefined) return null;
	const { versions: _, ...own } = entryOf({ ...entry, versions: [course] }, reader);
	return {
		...own,
		draft: course.record?.draft === true ? t('catalogue.draft-note') : null,
		sections: sectionsOf(course, entry, entries, reader),
		back: { href: `/catalogue${langQuery}`, text: t('public.catalogue.back') },
		signIn: t('public.catalogue.sign-in'),
		ask: t('public.catalogue.ask')
	};
}

function sectionsOf(
	course: PublicCourse,
	entry: Entry<PublicCourse>,
	entries: readonly Entry<PublicCourse>[],
	reader: Reader
): Section[] {
	const { translator, langQuery } = reader;
	const { t, formats } = translator;
	const { card, record } = course;
	const inOwnWords = { language: card.language, direction: directionOf(card.language) };
	const list = (texts: readonly string[]) => texts.map((text) => ({ text }));
	const { passMark } = card.rule;
	// The sentences that justify a target are those of the source.
	const source = record?.translationOf ?? card.language;
	const sections: Section[] = [
		{ title: t('public.catalogue.objectives'), ...inOwnWords, items: list(card.objectives) },
		{ title: t('public.catalogue.units'), ...inOwnWords, items: list(unitTitles(course)), numbered: true },
		{
			title: t('catalogue.course.languages'),
			versions: entry.versions.length > 1 ? versionsOf(entry, course, reader) : []
		},
		{
			title: t('catalogue.course.before'),
			items: (record?.prerequisites ?? []).map((code) => {
				const other = entries.find((one) => one.code === code)?.versions[0].card;
				return other === undefined
					? { text: t('catalogue.course.before-elsewhere', { code }) }
					: { text: other.title, href: `/catalogue/${other.courseId}${langQuery}`, language: other.language };
			})
		},
		{
			title: t('catalogue.course.certificate'),
			paragraphs: [
				passMark === null
					? t('public.catalogue.rule-complete')
					: t('public.catalogue.rule-pass', { percent: formats.percent(passMark) }),
				...(record?.quiz === undefined
					? []
					: [t('catalogue.course.quiz', { draw: record.quiz.draw, pool: record.quiz.pool })])
			]
		},
		...[...Map.groupBy(record?.digcomp ?? [], ({ framework, version }) => `${framework} ${version}`).values()].map(
			(levels) => ({
				title: t('catalogue.course.competences', {
					framework: levels[0]?.framework ?? '',
					version: levels[0]?.version ?? ''
				}),
				items: levels.map((level) => {
					const name = competenceName(translator, level);
					return {
						text: [level.code, name?.competence].filter(Boolean).join(' '),
						note: [name?.area, t('catalogue.course.competence-level', { level: level.level })]
							.filter(Boolean)
							.join(' · ')
					};
				})
			})
		),
		{
			title: t('catalogue.course.goals'),
			items: (record?.sdg ?? []).map(({ target, sentence }) => {
				const name = targetName(translator, target);
				const numbered = t('catalogue.course.target', { target });
				return {
					text: name === null ? numbered : `${numbered}: ${name}`,
					note: t('catalogue.course.evidence'),
					quote: { text: sentence, language: source, direction: directionOf(source) }
				};
			})
		},
		{ title: t('catalogue.course.for'), ...inOwnWords, paragraphs: said(record?.audienceText) },
		{ title: t('catalogue.course.need'), ...inOwnWords, paragraphs: said(record?.entry) },
		{
			title: t('public.catalogue.facts'),
			facts: factsOf(translator, card, record)
		}
	];
	return sections.filter((section) =>
		[section.items, section.paragraphs, section.versions, section.facts].some((part) => part?.length)
	);
}

function said(text: string | undefined): readonly string[] {
	return text === undefined ? [] : [text];
}

/** What is published, an entry a course, in the order of the reader's alphabet; courses in the reader's language first. */
async function publicEntries({ app, language }: Reader): Promise<Entry<PublicCourse>[]> {
	const courses = (await listCourses(app.db, null)).filter((course) => course.status === 'published');
	const revisions = await findPackagesOfCourses(
		app.db,
		courses.map((course) => course.id)
	);
	// Two organisations may use one code for different things.
	const byOrganisation = Map.groupBy(courses, (course) => course.organisationId);
	const entries = [...byOrganisation.values()].flatMap((own) =>
		entriesOf(
			own.flatMap((course): PublicCourse[] => {
				const current = currentRevision(revisions.get(course.id) ?? []);
				if (current === null) return [];
				const card = courseCardOf(course, current);
				return [{ card, record: card.record ?? null }];
			}),
			[language]
		)
	);
	const collator = new Intl.Collator(language, { numeric: true });
	const isForeign = ({ versions: [{ card }] }: Entry<Listed>): number => Number(baseOf(card.language) !== language);
	return entries.toSorted(
		(left, right) =>
			isForeign(left) - isForeign(right) || collator.compare(left.versions[0].card.title, right.versions[0].card.title)
	);
}

function entryOf(entry: Entry<PublicCourse>, reader: Reader): CatalogueEntry {
	const { t, formats } = reader.translator;
	const [course] = entry.versions;
	const { card } = course;
	return {
		href: `/catalogue/${card.courseId}${reader.langQuery}`,
		title: card.title,
		description: card.description,
		language: card.language,
		direction: directionOf(card.language),
		facts: [
			{ label: t('public.catalogue.language'), value: formats.languageName(card.language) },
			...(card.level === null
				? []
				: [{ label: t('public.catalogue.level'), value: t(`catalogue.level.${card.level}`) }]),
			...(card.hours === null ? [] : [{ label: t('public.catalogue.hours'), value: formats.hours(card.hours) }]),
			{ label: t('public.catalogue.size'), value: formats.bytes(card.packSize) }
		],
		versions: entry.versions.length > 1 ? versionsOf(entry, course, reader) : []
	};
}

function versionsOf(entry: Entry<PublicCourse>, current: PublicCourse, { translator, langQuery }: Reader): Version[] {
	const { t, formats } = translator;
	return entry.versions.map(({ card, record }) => {
		const alike = entry.versions.filter((one) => one.card.language === card.language).length > 1;
		return {
			href: `/catalogue/${card.courseId}${langQuery}`,
			name: formats.languageName(card.language),
			language: card.language,
			notes: [
				...(record?.draft === true ? [t('catalogue.draft')] : []),
				...(alike && record?.mediaEdition !== undefined ? [t(`catalogue.course.edition-${record.mediaEdition}`)] : [])
			],
			size: sizeWords(translator, card),
			current: card.courseId === current.card.courseId
		};
	});
}
