import { expect, test } from 'vitest';
import { textOfList } from './read-list-file.ts';

test('lists in the encodings that spreadsheets save', () => {
	expect(textOfList(new TextEncoder().encode('\uFEFFnom;sexe\nAmélie;F'))).toBe('nom;sexe\nAmélie;F');
	expect(textOfList(new Uint8Array([0xff, 0xfe, 0x27, 0x06]))).toBe('ا');
	expect(textOfList(new Uint8Array([0x41, 0x6d, 0xe9, 0x6c, 0x69, 0x65]))).toBe('Amélie');
});
