/**
 * The lock against other origins. SameSite cookies do not hold off a content host, which is same-site; so a state change
 * needs our own Origin, and a request that another origin caused carries no identity at all. Fetch Metadata
 * (Sec-Fetch-Site) is checked where the browser sends it (all since 2023).
 */

/** May this request change something? */
export function isOwnChange(request: Request, appOrigin: string): boolean {
	if (request.headers.get('origin') !== appOrigin) return false;
	const site = request.headers.get('sec-fetch-site');
	return site === null || site === 'same-origin';
}

/** Did the app itself (or the person, in the address bar) ask? Otherwise cookies are not looked at. */
export function isOwnReading(request: Request): boolean {
	const site = request.headers.get('sec-fetch-site');
	return site === null || site === 'same-origin' || site === 'none';
}
