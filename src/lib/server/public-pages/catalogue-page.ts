/** The public catalogue: what is published, in words. No figures of people, nothing that needs a session. */
import { launchableItems } from '#lib/domain/course/course-structure.ts';
import { courseCardOf, findCourse, listCourses } from '#lib/server/repositories/courses.ts';
import { currentRevision, findPackagesOfCourses } from '#lib/server/repositories/packages.ts';
import type { CourseCard } from '#lib/contracts/sync.ts';
import { directionOf } from '#lib/i18n/languages.ts';
import type { Reader } from './reader.ts';

export type CatalogueEntry = {
	readonly href: string;
	readonly title: string;
	readonly description: string;
	readonly language: string;
	readonly direction: 'ltr' | 'rtl';
	readonly facts: readonly { readonly label: string; readonly value: string }[];
};

export async function catalogue(
	reader: Reader
): Promise<{ title: string; lead: string; empty: string; courses: CatalogueEntry[] }> {
	const { app, translator } = reader;
	const courses = (await listCourses(app.db, null)).filter((course) => course.status === 'published');
	const revisions = await findPackagesOfCourses(
		app.db,
		courses.map((course) => course.id)
	);
	const cards = courses.flatMap((course) => {
		const current = currentRevision(revisions.get(course.id) ?? []);
		return current === null ? [] : [courseCardOf(course, current)];
	});
	// Courses in the reader's language first, the rest by title.
	const own = (card: CourseCard): number => Number(card.language.split('-')[0] !== reader.language);
	return {
		title: translator.t('public.catalogue.title'),
		lead: translator.t('public.catalogue.lead'),
		empty: translator.t('public.catalogue.empty'),
		courses: cards
			.toSorted((left, right) => own(left) - own(right) || left.title.localeCompare(right.title, reader.language))
			.map((card) => entryOf(card, reader))
	};
}

export type CataloguePage = CatalogueEntry & {
	readonly objectivesTitle: string;
	readonly objectives: readonly string[];
	readonly unitsTitle: string;
	readonly units: readonly string[];
	readonly back: { readonly href: string; readonly text: string };
	readonly signIn: string;
};

/** Null when it is not, or no longer, offered. */
export async function cataloguePage(reader: Reader, courseId: string): Promise<CataloguePage | null> {
	const { app, translator, langQuery } = reader;
	const course = await findCourse(app.db, courseId);
	if (course === null || course.status !== 'published') return null;
	const pack = currentRevision((await findPackagesOfCourses(app.db, [course.id])).get(course.id) ?? []);
	if (pack === null) return null;
	const units = launchableItems(pack.structure.items).map((item) => item.title);
	return {
		...entryOf(courseCardOf(course, pack), reader),
		objectivesTitle: translator.t('public.catalogue.objectives'),
		objectives: course.objectives,
		unitsTitle: translator.t('public.catalogue.units'),
		// One item with the course's own name tells nothing new.
		units: units.length === 1 && units[0] === course.title ? [] : units,
		back: { href: `/catalogue${langQuery}`, text: translator.t('public.catalogue.back') },
		signIn: translator.t('public.catalogue.sign-in')
	};
}

function entryOf(card: CourseCard, { translator, langQuery }: Reader): CatalogueEntry {
	const { t, formats } = translator;
	const { passMark } = card.rule;
	return {
		href: `/catalogue/${card.courseId}${langQuery}`,
		title: card.title,
		description: card.description,
		language: card.language,
		direction: directionOf(card.language),
		facts: [
			{ label: t('public.catalogue.language'), value: formats.languageName(card.language) },
			...(card.level === null
				? []
				: [{ label: t('public.catalogue.level'), value: t(`public.catalogue.levels.${card.level}`) }]),
			...(card.hours === null ? [] : [{ label: t('public.catalogue.hours'), value: formats.hours(card.hours) }]),
			{ label: t('public.catalogue.size'), value: formats.bytes(card.packSize) },
			{
				label: t('public.catalogue.certificate'),
				value:
					passMark === null
						? t('public.catalogue.rule-done')
						: t('public.catalogue.rule-mark', { mark: formats.percent(passMark) })
			}
		]
	};
}
