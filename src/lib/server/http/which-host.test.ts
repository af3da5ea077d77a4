import { expect, test } from 'vitest';
import { hostRoles } from './which-host.ts';

const packId = '0123456789abcdef0123';

test('on one machine: the app, a host for each pack, and everything else that is this machine', () => {
	const roleOf = hostRoles({
		appOrigin: 'http://learn.waypost.localhost:4000',
		contentOriginPattern: 'http://c-{packId}.waypost.localhost:4000'
	});
	expect(roleOf('learn.waypost.localhost:4000')).toEqual({ type: 'app' });
	expect(roleOf('LEARN.waypost.localhost:4000')).toEqual({ type: 'app' });
	expect(roleOf(`c-${packId}.waypost.localhost:4000`)).toEqual({ type: 'content', packId });
	for (const host of [
		'localhost:4000',
		'127.0.0.1:4000',
		'waypost.localhost:4000',
		'c-xyz.waypost.localhost:4000',
		'[::1]:4000'
	])
		expect(roleOf(host), host).toEqual({ type: 'elsewhere' });
	for (const host of [
		undefined,
		'',
		'evil.example',
		'learn.waypost.localhost.evil.example',
		`c-${packId}.evil.example`
	])
		expect(roleOf(host), host).toEqual({ type: 'unknown' });
});

test('in production: usual ports are left out by browsers; a single content host has no pack', () => {
	const wild = hostRoles({
		appOrigin: 'https://learn.example.org',
		contentOriginPattern: 'https://c-{packId}.content.example.org'
	});
	expect(wild(`c-${packId}.content.example.org`)).toEqual({ type: 'content', packId });
	expect(wild('content.example.org')).toEqual({ type: 'unknown' });
	const single = hostRoles({
		appOrigin: 'https://learn.example.org',
		contentOriginPattern: 'https://content.example.org'
	});
	expect(single('content.example.org')).toEqual({ type: 'content', packId: null });
	expect(single('learn.example.org')).toEqual({ type: 'app' });
});
