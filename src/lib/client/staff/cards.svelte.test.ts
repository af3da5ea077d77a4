import { expect, test } from 'vitest';
import type { SignInCard } from '#lib/contracts/api.ts';
import { CardBox } from './cards.svelte.ts';

const aCard = (learnerId: string, secret: string | null): SignInCard => ({
	learnerId,
	displayName: 'Amina',
	userName: 'amina',
	secret,
	address: 'http://localhost:4000'
});

test('an answer repeated without secrets does not take away the secret that was told', () => {
	const box = new CardBox();
	box.add([aCard('a', '1234')]);
	box.add([aCard('a', null), aCard('b', null)]);
	expect(box.cards.map((card) => card.secret)).toEqual(['1234', null]);
});

test('a new secret takes the place of the old one', () => {
	const box = new CardBox();
	box.add([aCard('a', '1234')]);
	box.add([aCard('a', '9876')]);
	expect(box.cards).toEqual([aCard('a', '9876')]);
});
