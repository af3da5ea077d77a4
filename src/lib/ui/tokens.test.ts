// Contrast of every pair that is used, from the stylesheet itself (WCAG 2.2, relative luminance and contrast ratio).
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const [lightCss = '', darkCss = ''] = css.split('@media screen and (prefers-color-scheme: dark)');

function tokensOf(text: string): Record<string, string> {
	return Object.fromEntries([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/g)].map(([, name = '', value = '']) => [name, value]));
}

const light = tokensOf(lightCss);
// What dark does not set, it takes from light.
const dark = { ...light, ...tokensOf(darkCss.slice(0, darkCss.indexOf('\n}'))) };

function luminance(hex: string): number {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
		const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
	const [bright = 0, dim = 0] = [luminance(one), luminance(other)].toSorted((left, right) => right - left);
	return (bright + 0.05) / (dim + 0.05);
}

const grounds = ['surface', 'raised', 'sunken'];
const text: readonly (readonly [string, readonly string[]])[] = [
	['ink', [...grounds, 'accent-soft', 'positive-soft', 'warning-soft', 'critical-soft', 'notice-soft']],
	['muted', grounds],
	['accent', ['surface', 'raised']],
	['accent-strong', ['surface', 'raised', 'sunken']],
	['on-accent', ['accent', 'accent-strong']],
	['positive', ['surface', 'raised', 'positive-soft']],
	['warning', ['surface', 'raised', 'warning-soft']],
	['critical', ['surface', 'raised', 'critical-soft']],
	['notice', ['surface', 'raised', 'notice-soft']],
	['on-critical', ['critical']]
];
const shapes: readonly (readonly [string, readonly string[]])[] = [
	['line-strong', grounds],
	['focus', [...grounds, 'focus-gap']],
	['positive-shape', ['sunken', 'raised']],
	['warning-shape', ['raised']],
	['notice-shape', ['sunken', 'raised']],
	['accent', ['sunken']],
	...[1, 2, 3, 4].map((number) => [`series-${number}`, ['raised']] as const)
];

describe.each([
	['light', light],
	['dark', dark]
] as const)('%s', (_, tokens) => {
	const value = (name: string): string => tokens[name] ?? `no token --${name}`;
	test.each(text.flatMap(([ink, on]) => on.map((ground) => [ink, ground] as const)))('text %s on %s has 7:1', (ink, ground) => {
		expect(contrast(value(ink), value(ground))).toBeGreaterThanOrEqual(7);
	});
	test.each(shapes.flatMap(([shape, on]) => on.map((ground) => [shape, ground] as const)))('shape %s on %s has 3:1', (shape, ground) => {
		expect(contrast(value(shape), value(ground))).toBeGreaterThanOrEqual(3);
	});
});

test('text sizes follow the 1.2 scale from 16 px', () => {
	const sizes = [...lightCss.matchAll(/--text-\d: ([\d.]+)rem/g)].map(([, size]) => Number(size));
	expect(sizes).toEqual([1, 1.2, 1.44, 1.728, 2.074]);
});
