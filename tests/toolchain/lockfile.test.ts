import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { completed, lockfiles, missingOptional, platformOf } from '../../src/cli/complete-lockfile.mjs';

const projectRoot = join(import.meta.dirname, '..', '..');

describe.each(lockfiles)('%s', (name) => {
	const text = readFileSync(join(projectRoot, name), 'utf8');
	const lockfile = JSON.parse(text);

	test('holds every optional package, so that npm ci works on every system (else run complete-lockfile.mjs)', () => {
		expect(missingOptional(lockfile)).toEqual([]);
	});

	test('names no registry', () => {
		expect(text).not.toMatch(/"resolved": "https?:/);
	});

	test('says the same as its package.json', () => {
		const manifest = JSON.parse(readFileSync(join(projectRoot, name.replace('package-lock', 'package')), 'utf8'));
		for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
			expect(lockfile.packages[''][kind] ?? {}, kind).toEqual(manifest[kind] ?? {});
			for (const version of Object.values(manifest[kind] ?? {})) expect(version).toMatch(/^\d+\.\d+\.\d+/);
		}
	});
});

test('a lockfile written on one system is completed for the others, and a complete one stays as it is', () => {
	const packages = {
		'': {},
		'node_modules/tool': {
			version: '1.2.3',
			dev: true,
			optionalDependencies: { '@tool/linux-x64-musl': '1.2.3', '@tool/win32-arm64-msvc': '1.2.3' }
		},
		'node_modules/@tool/linux-x64-musl': {
			version: '1.2.3',
			resolved: 'https://registry.invalid/x.tgz',
			optional: true
		}
	};
	expect(missingOptional({ packages }).map(({ name }) => name)).toEqual(['@tool/win32-arm64-msvc']);
	const once = completed({ packages });
	expect(once.packages['node_modules/@tool/win32-arm64-msvc']).toEqual({
		version: '1.2.3',
		cpu: ['arm64'],
		dev: true,
		optional: true,
		os: ['win32']
	});
	expect(JSON.stringify(once)).not.toContain('registry');
	expect(completed(once)).toEqual(once);
});

test.each([
	['@oxlint/binding-linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
	['@rollup/rollup-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
	['@rollup/rollup-win32-x64-gnu', { os: ['win32'], cpu: ['x64'] }],
	['@myriaddreamin/typst-ts-node-compiler-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
	['left-pad', undefined]
])('%s is for %o', (name, platform) => {
	expect(platformOf(name)).toEqual(platform);
});
