/**
 * A SCORM package that nobody here wrote, where one is at hand ("Golf Explained" in ../shared/packages), else a small one
 * made by the book. Both have fourteen pages and a quiz; `study` and `finish` play them as a learner would.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { expect } from 'vitest';
import { manifest12 } from '#tests/fixtures/packages/manifests.ts';
import { packageOf } from '#tests/fixtures/packages/odd-packages.ts';
import { page12 } from '#tests/fixtures/scos/page.ts';
import { answerGolfQuiz, goToGolfPage, golfPackages } from './golf.ts';

export type StrangersPackage = {
	readonly file: string;
	readonly goToPage: (sco: Frame, page: number) => Promise<void>;
	readonly pageNow: (sco: Frame) => Promise<number>;
	/** Everything right, to the end. */
	readonly finish: (sco: Frame) => Promise<void>;
};

export async function strangersPackage(folder: string): Promise<StrangersPackage> {
	const golf = join(golfPackages, 'RuntimeBasicCalls_SCORM12.zip');
	if (existsSync(golf)) {
		return {
			file: golf,
			goToPage: goToGolfPage,
			pageNow: (sco) => sco.evaluate('currentPage') as Promise<number>,
			finish: async (sco) => {
				await goToGolfPage(sco, 14);
				await answerGolfQuiz(sco, true);
				await sco.locator('#butExit').click();
			}
		};
	}
	const file = join(folder, 'pages.zip');
	await writeFile(file, packageOf(manifest12(), [{ name: 'index.html', data: pagesSco }]));
	return {
		file,
		goToPage: async (sco, page) => {
			for (;;) {
				if (((await sco.evaluate('page')) as number) >= page) return;
				await sco.locator('#next').click();
			}
		},
		pageNow: (sco) => sco.evaluate('page') as Promise<number>,
		finish: async (sco) => {
			await sco.locator('#finish').click();
			await expect.poll(() => sco.locator('#finish').isDisabled()).toBe(true);
		}
	};
}

const pagesSco = page12(
	`
api.LMSInitialize('');
var page = Number(api.LMSGetValue('cmi.core.lesson_location')) || 0;
api.LMSSetValue('cmi.core.lesson_status', 'incomplete');
api.LMSSetValue('cmi.core.exit', 'suspend');
document.getElementById('next').onclick = function () {
	page += 1;
	api.LMSSetValue('cmi.core.lesson_location', String(page));
	api.LMSCommit('');
};
document.getElementById('finish').onclick = function () {
	api.LMSSetValue('cmi.core.score.raw', '100');
	api.LMSSetValue('cmi.core.lesson_status', 'passed');
	api.LMSSetValue('cmi.core.exit', '');
	api.LMSFinish('');
	document.getElementById('finish').disabled = true;
};`,
	'<button id="next">Next</button><button id="finish">Finish</button>'
);
