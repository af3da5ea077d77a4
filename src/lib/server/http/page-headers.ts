/**
 * Headers of every page of the app origin, also of those that come ready-made from disk (the shell) and never pass the
 * hook. The policy here is a second one beside the page's own (a browser obeys both): it names the content hosts that may be
 * framed, which is configuration, and says what a <meta> policy cannot.
 */
import type { Config } from '#lib/server/config/config.ts';

export function pageHeaders(
	config: Pick<Config, 'appOrigin' | 'contentOriginPattern'>
): Readonly<Record<string, string>> {
	const frames = frameSource(config.contentOriginPattern);
	return {
		'content-security-policy': `frame-src ${frames}; frame-ancestors 'none'; object-src 'none'; base-uri 'self'; form-action 'self'`,
		// A course's last words are said in `unload`, which Chromium lets only those do who ask for it (evidence of the SCORM runtime).
		'permissions-policy': `unload=*, camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=(), browsing-topics=()`,
		'x-content-type-options': 'nosniff',
		'x-frame-options': 'DENY',
		'referrer-policy': 'same-origin',
		'cross-origin-opener-policy': 'same-origin',
		...(config.appOrigin.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {})
	};
}

/** CSP takes a star only as the whole first part of a host name. */
function frameSource(pattern: string): string {
	if (!pattern.includes('{packId}')) return pattern;
	const url = new URL(pattern.replace('{packId}', '0'));
	const rest = url.host.split('.').slice(1).join('.');
	return `${url.protocol}//*.${rest}`;
}
