/** Hands a file to the person: the browser's own download. */
export function saveFile(blob: Blob, name: string): void {
	const link = document.createElement('a');
	link.href = URL.createObjectURL(blob);
	link.download = name;
	link.click();
	// Some browsers read the address a moment later.
	setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
