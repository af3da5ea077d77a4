/**
 * SCORM 1.2 `adlcp:prerequisites`, type "aicc_script" (SCORM 1.2 CAM 2.3.2.5.4; AICC CMI001 section 4.4.5): which items
 * must be done before this one may be opened. Examples: `S1`, `S1 & S2`, `S1|~S2`, `(S1 & S2) | S3`, `S1="passed"`,
 * `S2<>"failed"`, `2*{S1,S2,S3}` (any two of three). Operators also by their words: and, or, not.
 */
import type { Completion, Success } from '../attempt/status.ts';

export type PrerequisiteState = { readonly completion: Completion; readonly success: Success };

/** SC9: a rule that cannot be read lets the learner in; nobody is locked out by a typing error in a manifest. */
export function isOpen(script: string | null, stateOf: (itemId: string) => PrerequisiteState | null): boolean {
	if (script === null || script.trim() === '') return true;
	const tokens = tokensOf(script);
	if (tokens === null) return true;
	const reader = new Reader(tokens, stateOf);
	const result = reader.either();
	return result === null || !reader.isAtEnd() ? true : result;
}

type Token = { readonly kind: 'name' | 'text' | 'sign'; readonly value: string };

function tokensOf(script: string): Token[] | null {
	const tokens: Token[] = [];
	const pattern = /\s*(?:"([^"]*)"|(<>|!=|[&|~(){},=*])|([^\s"&|~(){},=*<>!]+))/gy;
	let at = 0;
	const end = script.trimEnd().length;
	while (at < end) {
		pattern.lastIndex = at;
		const match = pattern.exec(script);
		if (match === null) return null;
		at = pattern.lastIndex;
		const [, text, sign, name] = match;
		if (text !== undefined) tokens.push({ kind: 'text', value: text });
		else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign });
		else tokens.push(wordOf(name ?? ''));
	}
	return tokens;
}

function wordOf(name: string): Token {
	const sign = { and: '&', or: '|', not: '~' }[name.toLowerCase()];
	return sign === undefined ? { kind: 'name', value: name } : { kind: 'sign', value: sign };
}

/** Recursive descent; null stands for "cannot be read". */
class Reader {
	readonly #tokens: readonly Token[];
	readonly #stateOf: (itemId: string) => PrerequisiteState | null;
	#at = 0;

	constructor(tokens: readonly Token[], stateOf: (itemId: string) => PrerequisiteState | null) {
		this.#tokens = tokens;
		this.#stateOf = stateOf;
	}

	isAtEnd(): boolean {
		return this.#at >= this.#tokens.length;
	}

	either(): boolean | null {
		let result = this.#both();
		while (result !== null && this.#take('|')) {
			const right = this.#both();
			result = right === null ? null : result || right;
		}
		return result;
	}

	#both(): boolean | null {
		let result = this.#single();
		while (result !== null && this.#take('&')) {
			const right = this.#single();
			result = right === null ? null : result && right;
		}
		return result;
	}

	#single(): boolean | null {
		if (this.#take('~')) {
			const inner = this.#single();
			return inner === null ? null : !inner;
		}
		if (this.#take('(')) {
			const inner = this.either();
			return inner !== null && this.#take(')') ? inner : null;
		}
		const name = this.#next('name');
		if (name === null) return null;
		if (/^\d+$/.test(name) && this.#take('*')) return this.#someOf(Number(name));
		if (this.#take('=')) return this.#compare(name, true);
		if (this.#take('<>') || this.#take('!=')) return this.#compare(name, false);
		const state = this.#stateOf(name);
		return state === null ? null : state.completion === 'completed' || state.success === 'passed';
	}

	#someOf(wanted: number): boolean | null {
		if (!this.#take('{')) return null;
		let done = 0;
		do {
			const one = this.either();
			if (one === null) return null;
			if (one) done += 1;
		} while (this.#take(','));
		return this.#take('}') ? done >= wanted : null;
	}

	#compare(name: string, wantsEqual: boolean): boolean | null {
		const token = this.#tokens[this.#at];
		const state = this.#stateOf(name);
		if (token === undefined || token.kind === 'sign' || state === null) return null;
		this.#at += 1;
		const has = hasStatus(state, token.value);
		return has === null ? null : has === wantsEqual;
	}

	#take(sign: string): boolean {
		const token = this.#tokens[this.#at];
		if (token?.kind !== 'sign' || token.value !== sign) return false;
		this.#at += 1;
		return true;
	}

	#next(kind: Token['kind']): string | null {
		const token = this.#tokens[this.#at];
		if (token?.kind !== kind) return null;
		this.#at += 1;
		return token.value;
	}
}

/** AICC lets a status be named by its first letter. */
function hasStatus(state: PrerequisiteState, status: string): boolean | null {
	switch (status.toLowerCase()) {
		case 'passed':
		case 'p':
			return state.success === 'passed';
		case 'failed':
		case 'f':
			return state.success === 'failed';
		case 'completed':
		case 'complete':
		case 'c':
			return state.completion === 'completed';
		case 'incomplete':
		case 'i':
			return state.completion === 'incomplete';
		case 'not attempted':
		case 'n':
			return state.completion === 'not attempted' || state.completion === 'unknown';
		case 'browsed':
		case 'b':
			return state.completion === 'incomplete';
		default:
			return null;
	}
}
