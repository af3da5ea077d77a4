/**
 * Courses that we ship, played to the end in the product without network: one that runs left to right, one that runs
 * right to left, each all right and all wrong, left half-way and taken up again. `npm run courses` does it for all.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { courseDirs } from '../../src/cli/course/course-dirs.ts';
import { findChromium, noChromium } from '../browser/find-chromium.ts';
import type { CoursePackage, Learner } from '../courses/offline-product.ts';
import { newcomers, OfflineProduct } from '../courses/offline-product.ts';
import type { Play } from '../courses/play-course.ts';
import { playCourse, serverProblems } from '../courses/play-course.ts';

const chromium = await findChromium();

const [c2 = '', c3 = ''] = ['c2', 'c3'].map((code) => courseDirs(code)[0]);
const english: CoursePackage = { dir: c2, code: 'C2', language: 'en', scorm: '1.2' };
const arabic: CoursePackage = { dir: c3, code: 'C3', language: 'ar', scorm: '2004' };
/** One learner answers everything right, the other nothing. */
const plays: readonly (readonly [CoursePackage, Play])[] = [
	[english, { right: true, leaves: 'quiz', by: 'quick' }],
	[arabic, { right: true, leaves: 'units', by: 'pointer' }],
	[english, { right: false, leaves: 'units', by: 'quick' }],
	[arabic, { right: false, leaves: 'quiz', by: 'quick' }]
];

describe.skipIf(chromium === undefined)(
	`our courses, without network${chromium === undefined ? ` (${noChromium})` : ''}`,
	() => {
		let product: OfflineProduct;
		const learners: Learner[] = [];
		const who = (right: boolean): Learner => {
			const learner = learners[right ? 0 : 1];
			if (learner === undefined) throw new Error('nobody has signed in');
			return learner;
		};

		beforeAll(async () => {
			product = await OfflineProduct.start([english, arabic]);
			for (const userName of newcomers) {
				const learner = await product.signIn(userName);
				for (const one of [english, arabic]) await learner.fetch(one);
				learners.push(learner);
			}
			await product.server.kill();
		});
		afterAll(() => product?.end());

		for (const [one, play] of plays) {
			const { code, language, scorm } = one;
			const end = play.right ? 'all right, passed with 100' : 'all wrong, failed';
			test(`${code} ${language}, SCORM ${scorm}, ${end}, left in the middle of the ${play.leaves}`, async () => {
				expect(await playCourse(who(play.right), one, play)).toEqual([]);
			});
		}

		test('when the network is back, the server has the same results', async () => {
			await product.server.start();
			for (const learner of learners) await learner.sendAll();
			await product.server.stop();
			for (const [one, { right }] of plays) {
				const received = await product.received(who(right).personId);
				expect(serverProblems(received.get(product.courseId(one)), right)).toEqual([]);
			}
		});

		test('no page ever threw', () => {
			expect(product.trouble).toEqual([]);
		});
	}
);
