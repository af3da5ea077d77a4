import { describe, expect, test } from 'vitest';
import { FileNames, meaningOf } from './reference.ts';

const FROM = 'unit 1/pages/index.html';

describe('[DR3] what an address means', () => {
	test.each([
		['a.png', 'unit 1/pages/a.png'],
		['./a.png?v=1#x', 'unit 1/pages/a.png'],
		['../img/a%20b.png', 'unit 1/img/a b.png'],
		['..\\img\\a.png', 'unit 1/img/a.png'],
		['a/./b/../c.png', 'unit 1/pages/a/c.png'],
		[' 100%.png ', 'unit 1/pages/100%.png'],
		['cafe\u0301.png', 'unit 1/pages/caf\u00e9.png']
	])('%s is a file of the package', (address, path) => {
		expect(meaningOf(address, FROM)).toEqual({ kind: 'inside', path });
	});

	test.each([
		['https://Example.net:8080/a', 'example.net', false],
		['http://example.net', 'example.net', true],
		['//example.net/a', 'example.net', false],
		['wss://me@example.net/', 'example.net', false],
		['\\\\example.net\\a', 'example.net', false]
	])('%s is elsewhere', (address, host, isPlainHttp) => {
		expect(meaningOf(address, FROM)).toEqual({ kind: 'elsewhere', host, isPlainHttp });
	});

	test.each(['/a.png', '../../../a.png', 'file:///C:/a.png', 'C:\\Users\\me\\a.png'])('%s is nowhere', (address) => {
		expect(meaningOf(address, FROM)).toEqual({ kind: 'nowhere' });
	});

	test.each([
		'',
		'#top',
		'?a=1',
		'data:image/png;base64,AA',
		'javascript:go()',
		'mailto:a@b.c',
		'about:blank',
		'{{picture}}',
		'$' + '{a}.png',
		'img/',
		'"+name+"'
	])('%s is nothing to look for', (address) => {
		expect(meaningOf(address, FROM)).toEqual({ kind: 'nothing' });
	});

	test('a base moves everything', () => {
		expect(meaningOf('a.png', FROM, '../img/')).toEqual({ kind: 'inside', path: 'unit 1/img/a.png' });
		expect(meaningOf('a.png', FROM, '../img/x.html')).toEqual({ kind: 'inside', path: 'unit 1/img/a.png' });
		expect(meaningOf('a.png', FROM, 'https://example.net/')).toMatchObject({ kind: 'elsewhere' });
	});
});

test('[DR3] [DR4] files are found by name, by another spelling, by what a script may mean', () => {
	const names = new FileNames(['a/B.png', 'a/c/B.png', 'd.js']);
	expect(names.find('a/B.png').found).toBe('as-written');
	expect(names.find('A/b.PNG')).toEqual({ found: 'other-spelling', path: 'a/B.png' });
	expect(names.find('b.png').found).toBe('missing');
	expect(names.meantBy('x/b.png')).toEqual(['a/B.png', 'a/c/B.png']);
	expect(names.meantBy('media/a/')).toEqual(['a/B.png', 'a/c/B.png']);
	expect(names.meantBy('nothing.png')).toEqual([]);
});
