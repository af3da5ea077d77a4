/**
 * The network address behind a request, for rate limits only. Behind proxies it comes from a header; who gets past the proxy without
 * one (a health check, a neighbour) shares one limit with all such.
 */
export function addressOf(event: { readonly getClientAddress: () => string }): string {
	try {
		return event.getClientAddress();
	} catch {
		// adapter-node throws when the header it was told to read is not there.
		return 'unknown';
	}
}
