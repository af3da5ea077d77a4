/** A script with its comments blanked out, everything else at its place: code that was commented out does nothing. */

/** After these a slash begins a regular expression; after anything else it divides. */
const BEFORE_EXPRESSION =
	/(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|delete|void|do|else|throw|new))\s*$/;

export function withoutComments(code: string): string {
	const parts: string[] = [];
	/** Depths of braces at which a template literal goes on. */
	const templates: number[] = [];
	let depth = 0;
	let kept = 0;
	let at = 0;
	const blank = (end: number) => {
		parts.push(code.slice(kept, at), code.slice(at, end).replace(/[^\n]/g, ' '));
		[kept, at] = [end, end];
	};
	while (at < code.length) {
		const character = code.charAt(at);
		const next = code.charAt(at + 1);
		if (character === '/' && next === '*') {
			const end = code.indexOf('*/', at + 2);
			blank(end === -1 ? code.length : end + 2);
		} else if (character === '/' && next === '/') {
			const end = code.indexOf('\n', at);
			blank(end === -1 ? code.length : end);
		} else if (character === '/' && BEFORE_EXPRESSION.test(code.slice(Math.max(0, at - 12), at)))
			at = endOfExpression(code, at + 1);
		else if (character === '"' || character === "'") at = endOfString(code, at + 1, character);
		else if (character === '`') at = endOfTemplate(code, at + 1, () => templates.push(depth));
		else if (character === '}' && templates.at(-1) === depth) {
			templates.pop();
			at = endOfTemplate(code, at + 1, () => templates.push(depth));
		} else {
			if (character === '{') depth += 1;
			if (character === '}') depth -= 1;
			at += 1;
		}
	}
	parts.push(code.slice(kept));
	return parts.join('');
}

function endOfString(code: string, from: number, quote: string): number {
	for (let at = from; at < code.length; at += 1) {
		const character = code.charAt(at);
		if (character === '\\') at += 1;
		else if (character === quote || character === '\n') return at + 1;
	}
	return code.length;
}

/** At the closing backtick, or in a hole of the template, where code goes on. */
function endOfTemplate(code: string, from: number, hole: () => void): number {
	for (let at = from; at < code.length; at += 1) {
		const character = code.charAt(at);
		if (character === '\\') at += 1;
		else if (character === '`') return at + 1;
		else if (character === '$' && code.charAt(at + 1) === '{') {
			hole();
			return at + 2;
		}
	}
	return code.length;
}

function endOfExpression(code: string, from: number): number {
	let inClass = false;
	for (let at = from; at < code.length; at += 1) {
		const character = code.charAt(at);
		if (character === '\\') at += 1;
		else if (character === '\n') return from;
		else if (character === '[') inClass = true;
		else if (character === ']') inClass = false;
		else if (character === '/' && !inClass) return at + 1;
	}
	return from;
}
