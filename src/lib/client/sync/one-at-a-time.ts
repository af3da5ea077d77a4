/** One uploader per origin, whatever the number of tabs and workers: a Web Lock, which goes with its holder. */
export const SYNC_LOCK = 'waypost-sync';

/** Runs `work` unless somebody else is at it: then "busy". */
export type Exclusively = <T>(work: () => Promise<T>) => Promise<T | 'busy'>;

export const exclusively: Exclusively = async (work) => {
	// Without Web Locks (very old browsers) two uploaders only send twice what the server counts once.
	if (!navigator.locks) return work();
	return navigator.locks.request(SYNC_LOCK, { ifAvailable: true }, (lock) => (lock === null ? 'busy' : work()));
};
