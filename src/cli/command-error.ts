/** What the person at the terminal can mend: printed as a sentence, without a stack. */
export class CommandError extends Error {
	override readonly name = 'CommandError';
}
