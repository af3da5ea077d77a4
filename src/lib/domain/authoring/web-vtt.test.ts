import { expect, test } from 'vitest';
import { parseVtt } from './web-vtt.ts';

test('cues with and without hours, names, settings and Windows line ends', () => {
	const text =
		'\uFEFFWEBVTT - Asha\r\n\r\nNOTE made by hand\r\n\r\n1\r\n00:01.000 --> 00:03.500 line:90%\r\nGood\r\nmorning\r\n\r\n01:00:00.250 --> 01:00:02.000\r\nBye\r\n';
	expect(parseVtt(text)).toEqual([
		{ start: 1, end: 3.5, text: 'Good\nmorning' },
		{ start: 3600.25, end: 3602, text: 'Bye' }
	]);
});

test('what is not WebVTT', () => {
	expect(parseVtt('1\n00:00:01,000 --> 00:00:02,000\nSubRip\n')).toBeNull();
	expect(parseVtt('WEBVTTX\n\n00:01.000 --> 00:02.000\nx')).toBeNull();
	expect(parseVtt('')).toBeNull();
	expect(parseVtt('WEBVTT\n\n00:01 --> 00:02\nno thousandths\n')).toEqual([]);
});
