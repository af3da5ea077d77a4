import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundsOf, overlap, parseRegion, regionText, viewBoxOf } from './region.ts';

test('a region is written and read the same', () => {
	const number = fc.integer({ min: -50, max: 400 });
	const region = fc.oneof(
		fc.tuple(number, number, number, number).map((all) => `rect ${all.join(' ')}`),
		fc.tuple(number, number, number).map((all) => `circle ${all.join(' ')}`),
		fc
			.array(fc.tuple(number, number), { minLength: 3, maxLength: 9 })
			.map((points) => `polygon ${points.map((point) => point.join()).join(' ')}`)
	);
	fc.assert(
		fc.property(region, (text) => {
			const read = parseRegion(text);
			expect(read === null ? '' : regionText(read)).toBe(text);
		})
	);
});

test.each(['', 'rect', 'rect 1 2 3', 'circle 1 2 x', 'polygon 1,2 3,4', 'polygon 1,2 3,4 5', 'ring 1 2 3'])(
	'%j is no region',
	(text) => {
		expect(parseRegion(text)).toBeNull();
	}
);

test('the bounds hold the whole shape', () => {
	const box = (text: string): unknown => {
		const region = parseRegion(text);
		return region === null ? null : boundsOf(region);
	};
	expect(box('rect 10 20 30 40')).toEqual({ left: 10, top: 20, right: 40, bottom: 60 });
	expect(box('circle 50 50 20')).toEqual({ left: 30, top: 30, right: 70, bottom: 70 });
	expect(box('polygon 5,9 1,2 7,3')).toEqual({ left: 1, top: 2, right: 7, bottom: 9 });
});

test('edges may touch, areas may not', () => {
	const one = { left: 0, top: 0, right: 10, bottom: 10 };
	expect(overlap(one, { left: 10, top: 0, right: 20, bottom: 10 })).toBe(false);
	expect(overlap(one, { left: 9, top: 9, right: 20, bottom: 20 })).toBe(true);
});

test('the units of a picture', () => {
	expect(viewBoxOf('<svg viewBox="0 0 320 180">')).toEqual({ left: 0, top: 0, right: 320, bottom: 180 });
	expect(viewBoxOf('<svg width="3">')).toBeNull();
});
