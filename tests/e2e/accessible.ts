/** What axe minds on a page, in words for a failing test. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** WCAG 2.2 AA, with all of the page on the screen at once: what the bottom bar hides until one scrolls is not too small a target. */
export async function isWholeAccessible(page: Page): Promise<void> {
	const size = page.viewportSize();
	if (size === null) throw new Error('the page has no size to come back to');
	await page.setViewportSize({ width: size.width, height: 3_000 });
	const found = await findingsOf(new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']));
	await page.setViewportSize(size);
	expect(found).toEqual([]);
}

/** Every rule that axe has, best practice too, on the page as it stands. */
export async function isAccessible(page: Page): Promise<void> {
	expect(await findingsOf(new AxeBuilder({ page }))).toEqual([]);
}

export async function findingsOf(axe: AxeBuilder): Promise<string[]> {
	const { violations } = await axe.analyze();
	return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
