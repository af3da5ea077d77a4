/** Days as date fields know them ("2026-05-12"), and as moments: noon where the person is, so that no time zone moves the day. */

export function dateOf(time: number | null): string {
	if (time === null) return '';
	const date = new Date(time);
	const two = (value: number): string => String(value).padStart(2, '0');
	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** null for an empty or unreadable field. */
export function dayOf(date: string): number | null {
	const time = Date.parse(`${date}T12:00:00`);
	return Number.isNaN(time) ? null : time;
}
