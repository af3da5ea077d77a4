/** Names one intention, so that a click twice or a request sent again is done once. 36 characters. */
export function newRequestId(): string {
	return crypto.randomUUID();
}
