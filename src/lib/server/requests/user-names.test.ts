import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { normaliseSignInName } from '#lib/server/auth/sign-in-name.ts';
import { userNameFor } from './user-names.ts';

const nobody = (): boolean => false;

test.each([
	['Amina Diallo', 'amina.diallo'],
	['Élodie N’Guessan-Kouassi', 'elodie.kouassi'],
	['Łukasz Żółć', 'lukasz.zolc'],
	['Олексій Коваль', 'oleksiy.koval'],
	['Γιώργος Παππάς', 'giorgos.pappas'],
	['محمد علي', 'mhmd.aly'],
	['فاطمة', 'fatma'],
	['王小明', '王小明'],
	['सुनीता शर्मा', 'सुनीता.शर्मा'],
	['Nguyễn Thị Minh Khai', 'nguyen.khai'],
	['Ada', 'ada'],
	['A', 'a.learner'],
	['!!!', 'learner'],
	['Wolfeschlegelsteinhausenbergerdorff Jr', 'wolfeschlegelsteinhausen']
])('%s signs in as %s', (name, userName) => {
	expect(userNameFor(name, nobody)).toBe(userName);
});

test('a name that somebody has gets a number', () => {
	expect(userNameFor('Amina Diallo', (name) => ['amina.diallo', 'amina.diallo2'].includes(name))).toBe('amina.diallo3');
});

test('every name makes a user name that can be signed in with, and is found again as typed', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (name) => {
			const userName = userNameFor(name, nobody);
			expect(userName.length).toBeGreaterThan(1);
			expect(normaliseSignInName(userName)).toBe(normaliseSignInName(normaliseSignInName(userName)));
			expect(userName).not.toMatch(/\s/);
		})
	);
});
