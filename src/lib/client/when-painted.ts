/** For what may wait until the screen stands: runs `work` after the next paint, at the latest after a second. @returns call it to change one's mind */
export function whenPainted(work: () => void): () => void {
	let timer = setTimeout(work, 1_000);
	// A hidden page never paints.
	const frame = requestAnimationFrame(() => {
		clearTimeout(timer);
		timer = setTimeout(work, 100);
	});
	return () => {
		clearTimeout(timer);
		cancelAnimationFrame(frame);
	};
}
