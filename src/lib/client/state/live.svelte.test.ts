import 'fake-indexeddb/auto';
import { Dexie, type EntityTable } from 'dexie';
import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import { Live } from './live.svelte.ts';

test('a Live made while a $derived runs still wakes that $derived', async () => {
	const db = new Dexie('live-in-derived') as Dexie & { words: EntityTable<{ id: number; word: string }, 'id'> };
	db.version(1).stores({ words: 'id' });
	await db.words.put({ id: 1, word: 'first' });
	const seen: (string | undefined)[] = [];
	const known = new Map<number, Live<string | undefined>>();
	const wordOf = (id: number): Live<string | undefined> => {
		const live = known.get(id) ?? new Live(async () => (await db.words.get(id))?.word);
		known.set(id, live);
		return live;
	};
	const stop = $effect.root(() => {
		const word = $derived(wordOf(1).value);
		$effect(() => {
			seen.push(word);
		});
	});
	flushSync();
	await expect.poll(() => seen.at(-1)).toBe('first');
	await db.words.put({ id: 1, word: 'second' });
	await expect.poll(() => seen.at(-1)).toBe('second');
	stop();
	db.close();
});
