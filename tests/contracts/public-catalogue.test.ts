// The public catalogue, on both engines: entries with their languages, chosen by address, in the reader's language.
import { expect, test } from 'vitest';
import type { App } from '#lib/server/app.ts';
import type { Database } from '#lib/server/db/database.ts';
import { createTranslators } from '#lib/server/i18n/translators.ts';
import { catalogue, cataloguePage } from '#lib/server/public-pages/catalogue-page.ts';
import type { Reader } from '#lib/server/public-pages/reader.ts';
import { onBothEngines } from './both-engines.ts';
import { addCourse, buildWorld } from './world.ts';

const translators = createTranslators();

async function readerIn(db: Database, language: string): Promise<Reader> {
	return {
		app: { db } as unknown as App,
		language,
		translator: await translators(language),
		langQuery: `?lang=${language}`
	};
}

async function shelf(db: Database): Promise<Database> {
	await buildWorld(db);
	const courses = [
		[
			'c1-en',
			'Everyday skills',
			'en',
			{ topics: ['digital skills'], audience: ['adult'] },
			{ code: 'C1', offline: true }
		],
		['c1-ar', 'مهارات كلّ يوم', 'ar', { topics: ['digital skills'] }, { code: 'C1', translationOf: 'en', draft: true }],
		['c1-zh', '日常技能', 'zh', {}, { code: 'C1', translationOf: 'en', draft: true }],
		['c2-en', 'Radio waves', 'en', { topics: ['spectrum management'], prerequisites: ['C1', 'C9'] }, { code: 'C2' }],
		['x', 'From strangers', 'fr', null, null]
	] as const;
	for (const [id, title, language, place, contents] of courses) {
		await addCourse(db, { id, packs: { [`pack-${id}`]: ['i1'] } });
		await db.run('UPDATE courses SET title = ?, language = ?, record = ? WHERE id = ?', [
			title,
			language,
			place === null ? null : JSON.stringify(place),
			id
		]);
		await db.run('UPDATE packages SET record = ?, published_at = 1 WHERE course_id = ?', [
			contents === null ? null : JSON.stringify(contents),
			id
		]);
	}
	await addCourse(db, { id: 'draft', packs: { 'pack-draft': ['i1'] }, status: 'draft' });
	return db;
}

onBothEngines('the public catalogue', (engine) => {
	const list = async (db: Database, language: string, query = '') => {
		const view = await catalogue(await readerIn(db, language), new URLSearchParams(query));
		return view.courses.map(({ title }) => title);
	};

	test('an entry a course, in the reader’s language first; what is not published is not there', async () => {
		const db = await shelf(await engine.newDatabase());
		expect(await list(db, 'en')).toEqual(['Everyday skills', 'Radio waves', 'From strangers']);
		expect(await list(db, 'ar')).toEqual(['مهارات كلّ يوم', 'From strangers', 'Radio waves']);
		const view = await catalogue(await readerIn(db, 'en'), new URLSearchParams());
		expect(view.courses[0]?.versions.map(({ language, notes }) => [language, notes.length])).toEqual([
			['en', 0],
			['ar', 1],
			['zh', 1]
		]);
		expect(view).toMatchObject({ count: '3 courses', empty: null, form: { open: false, clear: null } });
	});

	test('[CA3] [CA4] the address chooses and asks, in any script', async () => {
		const db = await shelf(await engine.newDatabase());
		expect(await list(db, 'en', 'topic=digital+skills')).toEqual(['Everyday skills']);
		expect(await list(db, 'en', 'language=zh')).toEqual(['日常技能']);
		expect(await list(db, 'en', 'where=offline')).toEqual(['Everyday skills']);
		await db.run(
			`INSERT INTO package_reports (pack_id, doctor, offline, blocks, mend, know, report, made_at) VALUES
			('pack-x', 1, 'works', 0, 0, 0, '{}', 1), ('pack-c1-en', 1, 'blocked', 1, 0, 0, '{}', 1)`
		);
		expect(await list(db, 'en', 'where=offline')).toEqual(['From strangers']);
		expect(await list(db, 'en', 'where=here&size=whatever')).toHaveLength(3);
		expect(await list(db, 'en', 'q=RADIO')).toEqual(['Radio waves']);
		expect(await list(db, 'en', `q=${encodeURIComponent('مهارات كل')}`)).toEqual(['مهارات كلّ يوم']);
		expect(await list(db, 'en', `q=${encodeURIComponent('技能')}`)).toEqual(['日常技能']);
		const none = await catalogue(await readerIn(db, 'fr'), new URLSearchParams('q=xylophone&lang=fr'));
		expect(none).toMatchObject({
			courses: [],
			form: { open: true, lang: 'fr', clear: { href: '/catalogue?lang=fr' } }
		});
		expect(none.empty).not.toBeNull();
	});

	test('a course’s page leads to its languages and to what comes before it', async () => {
		const db = await shelf(await engine.newDatabase());
		const reader = await readerIn(db, 'en');
		const page = await cataloguePage(reader, 'c2-en');
		const before = page?.sections.find(({ items }) => items?.some(({ href }) => href !== undefined));
		expect(before?.items).toMatchObject([
			{ text: 'Everyday skills', href: '/catalogue/c1-en?lang=en', language: 'en' },
			{ text: 'Course C9, not in this catalogue' }
		]);
		expect((await cataloguePage(reader, 'c1-ar'))?.draft).not.toBeNull();
		expect(
			(await cataloguePage(reader, 'c1-ar'))?.sections
				.flatMap(({ versions }) => versions ?? [])
				.filter(({ current }) => current)
		).toMatchObject([{ language: 'ar' }]);
		expect(await cataloguePage(reader, 'x')).toMatchObject({ draft: null });
		expect(await cataloguePage(reader, 'draft')).toBeNull();
	});

	test('the same code in two organisations is two entries', async () => {
		const db = await shelf(await engine.newDatabase());
		await addCourse(db, { id: 'theirs', packs: { 'pack-theirs': ['i1'] }, organisationId: 'org-2' });
		await db.run(`UPDATE courses SET title = 'Theirs' WHERE id = 'theirs'`);
		await db.run(`UPDATE packages SET record = '{"code":"C1"}', published_at = 1 WHERE course_id = 'theirs'`);
		expect(await list(db, 'en')).toContain('Theirs');
	});
});
