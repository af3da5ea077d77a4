/**
 * Looks at a lesson: every block and every type of question, before and after an answer, on a phone and a desktop, light
 * and dark, in Arabic, at 200 % and in simple mode. Pictures under screens/lesson/, with index.html to leaf through.
 *
 *     npm run screens:lesson                    the course that holds everything once
 *     npm run screens:lesson -- c1              a course of courses/ instead (long)
 *     npm run screens:lesson -- every spot      only screens whose name contains one of these
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerKey } from '../../src/cli/course/answer-key.ts';
import { courseDirs } from '../../src/cli/course/course-dirs.ts';
import { readCourse } from '../../src/cli/course/read-course.ts';
import { launchPersistent } from '../browser/launch.ts';
import { writeEveryBlockCourse } from '../builders/every-block-course.ts';
import { hostCourse, temporaryFolder } from './lesson-host.ts';
import { press, walk } from './lesson-steps.ts';

type Look = {
	readonly name: string;
	readonly language: 'source' | 'ar';
	readonly width: number;
	readonly theme: 'light' | 'dark';
	readonly text: 'normal' | 'largest' | 'simple';
};

const looks: readonly Look[] = [
	{ name: 'phone', language: 'source', width: 360, theme: 'light', text: 'normal' },
	{ name: 'dark', language: 'source', width: 360, theme: 'dark', text: 'normal' },
	{ name: 'arabic', language: 'ar', width: 360, theme: 'light', text: 'normal' },
	{ name: 'arabic-dark', language: 'ar', width: 1280, theme: 'dark', text: 'normal' },
	{ name: 'largest', language: 'source', width: 360, theme: 'light', text: 'largest' },
	{ name: 'simple', language: 'source', width: 360, theme: 'light', text: 'simple' },
	{ name: 'simple-arabic-dark', language: 'ar', width: 360, theme: 'dark', text: 'simple' },
	{ name: 'desktop', language: 'source', width: 1280, theme: 'light', text: 'normal' }
];

const [which = 'every', ...wanted] = process.argv.slice(2);
const folder = join(import.meta.dirname, '..', '..', 'screens', 'lesson');
const work = temporaryFolder();
const courseDir =
	which === 'every' ? await writeEveryBlockCourse(join(work.path, 'course')) : (courseDirs(which)[0] ?? '');
const { languages } = readCourse(courseDir).record;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const taken = new Map<string, string[]>();
const problems: string[] = [];
const browser = await launchPersistent(join(work.path, 'profile'), { reducedMotion: 'reduce' });
try {
	for (const look of looks) {
		const language = look.language === 'source' ? (languages[0] ?? 'en') : look.language;
		if (!languages.includes(language)) continue;
		const host = await hostCourse(courseDir, language, '1.2', 'rich');
		const page = await browser.context.newPage();
		page.on('pageerror', (error) => problems.push(`${look.name}: ${error.message}`));
		await page.setViewportSize({ width: look.width, height: 740 });
		await page.emulateMedia({ colorScheme: look.theme, reducedMotion: 'reduce' });
		const take = async (name: string): Promise<void> => {
			if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) return;
			// In simple mode one screen is several pieces.
			const piece = (taken.get(name) ?? []).filter((other) => other.includes(`.${look.name}.`)).length;
			const file = `${name.replaceAll('/', '.')}.${look.name}.${piece === 0 ? '' : `${piece + 1}.`}png`;
			await page.screenshot({ path: join(folder, file), fullPage: true });
			taken.set(name, [...(taken.get(name) ?? []), file]);
			const wide = await page.evaluate(
				() => document.documentElement.scrollWidth - document.documentElement.clientWidth
			);
			if (wide > 0) problems.push(`${file}: ${wide} px too wide`);
		};
		await page.goto(`${host.origin}/package/index.html`);
		if (look.text === 'largest') {
			await press(page, 'contents');
			for (let n = 0; n < 3; n++) await press(page, 'larger');
			await take('contents');
			await press(page, 'close');
		}
		if (look.text === 'simple') {
			await take('start, before');
			await press(page, 'simple');
		}
		await walk(page, {
			key: answerKey(courseDir, language),
			right: false,
			onScreen: take,
			onFeedback: (name) => take(`${name}.answered`)
		});
		await press(page, 'contents');
		await take('contents at the end');
		await page.close();
		await host.close();
	}
} finally {
	await browser.close();
	work.remove();
	const rows = [...taken].map(
		([name, files]) =>
			`<h2>${name}</h2><div>${files.map((file) => `<a href="${file}"><img loading="lazy" src="${file}" alt="${file}" title="${file}"></a>`).join('')}</div>`
	);
	writeFileSync(
		join(folder, 'index.html'),
		`<!doctype html><meta charset="utf-8"><title>Lesson</title><style>body{font-family:system-ui;background:#777;color:#fff}div{display:flex;gap:8px;overflow-x:auto;align-items:start}img{max-height:740px}</style>${rows.join('\n')}`
	);
}
const count = [...taken.values()].reduce((sum, files) => sum + files.length, 0);
process.stdout.write(
	`${count} pictures, see screens/lesson/index.html\n${problems.map((line) => `  ${line}\n`).join('')}`
);
process.exitCode = problems.length > 0 ? 1 : 0;
