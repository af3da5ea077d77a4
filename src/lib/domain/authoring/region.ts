/**
 * A place in a picture as authors write it behind an option, in the units of the picture's `viewBox`:
 *   rect 120 60 44 44        left, top, width, height
 *   circle 160 90 24         middle, radius
 *   polygon 10,10 60,10 60,50
 */
import type { Region } from './question.ts';

/** Left, top, right, bottom. */
export type Box = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

/** null when it is not a region. */
export function parseRegion(text: string): Region | null {
	const [shape = '', ...rest] = text.trim().split(/[\s,]+/);
	const numbers = rest.map(Number);
	if (numbers.length === 0 || numbers.some((number) => !Number.isFinite(number))) return null;
	const [a = 0, b = 0, c = 0, d = 0] = numbers;
	if (shape === 'rect' && numbers.length === 4) return { shape, x: a, y: b, width: c, height: d };
	if (shape === 'circle' && numbers.length === 3) return { shape, x: a, y: b, radius: c };
	if (shape === 'polygon' && numbers.length >= 6 && numbers.length % 2 === 0) {
		return { shape, points: numbers.flatMap((x, n) => (n % 2 === 0 ? [[x, numbers[n + 1] ?? 0] as const] : [])) };
	}
	return null;
}

/** As it is written; equal regions have equal texts. */
export function regionText(region: Region): string {
	switch (region.shape) {
		case 'rect':
			return `rect ${region.x} ${region.y} ${region.width} ${region.height}`;
		case 'circle':
			return `circle ${region.x} ${region.y} ${region.radius}`;
		case 'polygon':
			return `polygon ${region.points.map((point) => point.join()).join(' ')}`;
	}
}

export function boundsOf(region: Region): Box {
	switch (region.shape) {
		case 'rect':
			return { left: region.x, top: region.y, right: region.x + region.width, bottom: region.y + region.height };
		case 'circle':
			return {
				left: region.x - region.radius,
				top: region.y - region.radius,
				right: region.x + region.radius,
				bottom: region.y + region.radius
			};
		case 'polygon': {
			const xs = region.points.map(([x]) => x);
			const ys = region.points.map(([, y]) => y);
			return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
		}
	}
}

/** The `viewBox` of an SVG, or null when it has none. */
export function viewBoxOf(svg: string): Box | null {
	const numbers = (/\bviewBox="([^"]*)"/.exec(svg)?.[1] ?? '')
		.trim()
		.split(/[\s,]+/)
		.map(Number);
	const [left = 0, top = 0, width = 0, height = 0] = numbers;
	return numbers.length === 4 && numbers.every(Number.isFinite)
		? { left, top, right: left + width, bottom: top + height }
		: null;
}

/** Do two boxes share more than an edge? */
export function overlap(one: Box, other: Box): boolean {
	return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
