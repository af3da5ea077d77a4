/** What IO throws. The code is kebab-case and has a sentence in static/locales under `errors.<code>`. */
export class AppError extends Error {
	override readonly name = 'AppError';
	readonly code: string;

	constructor(code: string, options?: { readonly cause?: unknown }) {
		super(code, options);
		this.code = code;
	}
}
