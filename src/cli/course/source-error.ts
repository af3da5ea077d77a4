/** A course source that cannot be read; says where, so that an author can mend it. */
export class SourceError extends Error {
	readonly file: string;
	readonly line: number;

	constructor(file: string, line: number, message: string) {
		super(`${file}:${line}: ${message}`);
		this.name = 'SourceError';
		this.file = file;
		this.line = line;
	}
}
