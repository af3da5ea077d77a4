/** What the linter says: which rule, where, and how to mend it. An error stops the build, a warning asks for a second look. */
export type Finding = {
	readonly rule: `CL${number}`;
	readonly level: 'error' | 'warning';
	/** File and line, or file and id. */
	readonly where: string;
	readonly what: string;
	readonly mend: string;
};

export function error(rule: Finding['rule'], where: string, what: string, mend: string): Finding {
	return { rule, level: 'error', where, what, mend };
}

export function warning(rule: Finding['rule'], where: string, what: string, mend: string): Finding {
	return { rule, level: 'warning', where, what, mend };
}
