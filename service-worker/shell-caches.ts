/** One cache for each build. */
export const SHELL_CACHES = 'waypost-shell-';

export function shellCacheName(version: string): string {
	return SHELL_CACHES + version;
}
