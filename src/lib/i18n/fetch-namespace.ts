/** Files of static/locales over the network or from the worker's cache; each is read once. The request function comes from the load function of a page. */
import type { LoadNamespace } from './translator.ts';

export function fetchNamespaces(request: typeof fetch): LoadNamespace {
	const known = new Map<string, Promise<unknown>>();
	return (language, namespace) => {
		const path = `/locales/${language}/${namespace}.json`;
		const answer = known.get(path) ?? read(request, path);
		known.set(path, answer);
		// A file that failed may be asked for again.
		answer.catch(() => known.delete(path));
		return answer;
	};
}

async function read(request: typeof fetch, path: string): Promise<unknown> {
	const response = await request(path);
	if (!response.ok) throw new Error(`${path}: ${response.status}`);
	return response.json();
}
