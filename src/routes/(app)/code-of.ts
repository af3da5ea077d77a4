import { AppError } from '#lib/errors/app-error.ts';

/** The code under which `errors` has a sentence, for what a query of the device's database threw. */
export function codeOf(error: unknown): string | undefined {
	if (error === undefined) return undefined;
	return error instanceof AppError ? error.code : 'device';
}
