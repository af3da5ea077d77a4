/** One server, several host names: what a request's Host header asks for. */
import { isLocalName, type Config } from '#lib/server/config/config.ts';

export type HostRole =
	| { readonly type: 'app' }
	/** `packId` is null on a single content host. */
	| { readonly type: 'content'; readonly packId: string | null }
	/** Another name of this machine: send the browser to the app's. */
	| { readonly type: 'elsewhere' }
	| { readonly type: 'unknown' };

export function hostRoles(
	config: Pick<Config, 'appOrigin' | 'contentOriginPattern'>
): (host: string | undefined) => HostRole {
	const app = new URL(config.appOrigin).host;
	const [before = '', after] = config.contentOriginPattern
		.replace(/^https?:\/\//, '')
		.toLowerCase()
		.split('{packid}');
	const content = hostOf(before, after, new URL(config.appOrigin).protocol);
	return (header) => {
		const host = (header ?? '').toLowerCase();
		if (host === app) return { type: 'app' };
		if (after === undefined) {
			if (host === content.start) return { type: 'content', packId: null };
		} else if (host.startsWith(content.start) && host.endsWith(content.end)) {
			const packId = host.slice(content.start.length, host.length - content.end.length);
			if (/^[0-9a-f]{20}$/.test(packId)) return { type: 'content', packId };
		}
		return isLocalName(host.replace(/:\d+$/, '')) ? { type: 'elsewhere' } : { type: 'unknown' };
	};
}

/** Browsers leave out the port that the scheme has anyway. */
function hostOf(before: string, after: string | undefined, protocol: string): { start: string; end: string } {
	const usual = protocol === 'https:' ? /:443$/ : /:80$/;
	return after === undefined
		? { start: before.replace(usual, ''), end: '' }
		: { start: before, end: after.replace(usual, '') };
}
