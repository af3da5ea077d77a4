import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isRecentNode } from '../../src/cli/setup.mjs';
import { sourceHash } from '../../src/cli/source-hash.mjs';

const projectRoot = join(import.meta.dirname, '..', '..');

test.each([
	['20.20.2', false],
	['22.17.0', false],
	['24.14.9', false],
	['24.15.0', true],
	['26.0.0', true]
])('Node %s is recent enough: %s', (version, answer) => {
	expect(isRecentNode(version)).toBe(answer);
});

test('every Node that src/cli/node may fetch is recent enough', () => {
	const { optionalDependencies } = JSON.parse(readFileSync(join(projectRoot, 'src/cli/node/package.json'), 'utf8'));
	for (const [name, version] of Object.entries<string>(optionalDependencies))
		expect([name, isRecentNode(version)]).toEqual([name, true]);
});

test('the same sources give the same version', () => {
	expect(sourceHash()).toMatch(/^[0-9a-f]{64}$/);
	expect(sourceHash()).toBe(sourceHash());
});

test('what runs before the packages are installed imports nothing but Node and itself', () => {
	const folder = join(projectRoot, 'src/cli');
	for (const name of readdirSync(folder).filter((file) => file.endsWith('.mjs'))) {
		const imports = [...readFileSync(join(folder, name), 'utf8').matchAll(/^(?:import|export) .*from '([^']+)'/gm)].map(
			(match) => match[1]
		);
		for (const specifier of imports)
			expect([name, specifier]).toEqual([name, expect.stringMatching(/^(node:|\.\/[a-z-]+\.mjs$)/)]);
	}
});
