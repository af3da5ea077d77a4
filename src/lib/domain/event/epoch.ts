/** EV2: a writer's epochs. See learning-event.ts for the format. */

/** @param chance six characters of [0-9a-z], drawn at random by the caller */
export function nextEpoch(previous: string | null, chance: string): string {
	const counter = previous === null ? 0 : Number.parseInt(previous.slice(0, 4), 36) || 0;
	return `${(counter + 1).toString(36).padStart(4, '0')}-${chance}`;
}
