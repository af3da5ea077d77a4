import { AppError } from '#lib/errors/app-error.ts';
import type { Actor } from '#lib/server/policy/actor.ts';

/** The actor of a route whose action is not for everyone: the policy has seen to it that there is one. */
export function signedIn({ actor }: { readonly actor: Actor | null }): Actor {
	if (actor === null) throw new AppError('not-allowed');
	return actor;
}
