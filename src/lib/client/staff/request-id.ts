/** Names one intention, so that a click twice or a request sent again is done once. 36 characters. */
export function newRequestId(): string {
	return crypto.randomUUID();
}

/** The id of a form as it is filled in now: sent again unchanged it keeps its id, changed or after `done` it gets another. */
export class FormRequest {
	#content = '';
	#id = '';

	idFor(fields: object): string {
		const content = JSON.stringify(fields);
		if (this.#id === '' || content !== this.#content) [this.#content, this.#id] = [content, newRequestId()];
		return this.#id;
	}

	done(): void {
		this.#id = '';
	}
}
