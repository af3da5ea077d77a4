/**
 * For what may wait until the screen stands: runs `work` `after` milliseconds from the next paint. A hidden page never paints, so at
 * the latest `atLatest` milliseconds from now. @returns call it to change one's mind
 */
export function whenPainted(work: () => void, after: number, atLatest: number): () => void {
	let timer = setTimeout(work, atLatest);
	const frame = requestAnimationFrame(() => {
		clearTimeout(timer);
		timer = setTimeout(work, after);
	});
	return () => {
		clearTimeout(timer);
		cancelAnimationFrame(frame);
	};
}
