/** Hands a file made in the page to the browser's downloads. */
export function saveFile(content: Blob | string, name: string, type = 'text/csv;charset=utf-8'): void {
	const blob = typeof content === 'string' ? new Blob([content], { type }) : content;
	const url = URL.createObjectURL(blob);
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	document.body.append(link);
	link.click();
	link.remove();
	// The download has begun by then; some browsers read the address a moment later.
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
