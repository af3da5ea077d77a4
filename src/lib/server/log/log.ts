/**
 * The log: one line an event, for an operator. Names of events are fixed words; fields are numbers, ids, codes and path
 * templates. Never a name, a user name, a secret, an address of a person, or a body: nobody should need to be careful with a log.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
	/** A developer should look. */
	error(event: string, fields?: LogFields, cause?: unknown): void;
	/** An important change. */
	info(event: string, fields?: LogFields): void;
	debug(event: string, fields?: LogFields): void;
}

const levels = { error: 0, info: 1, debug: 2 } as const;
export type LogLevel = keyof typeof levels;

export function createLog(options: {
	readonly format: 'json' | 'human';
	readonly level: LogLevel;
	readonly now: () => number;
	readonly write: (line: string) => void;
}): Log {
	const line = (level: LogLevel, event: string, fields: LogFields, cause?: unknown): void => {
		if (levels[level] > levels[options.level]) return;
		const at = new Date(options.now()).toISOString();
		const reason = cause === undefined ? {} : causeFields(cause);
		options.write(
			options.format === 'json'
				? JSON.stringify({ at, level, event, ...fields, ...reason })
				: `${at.slice(11, 19)} ${level === 'info' ? '' : `${level.toUpperCase()} `}${event}${human({ ...fields, ...reason })}`
		);
	};
	return {
		error: (event, fields = {}, cause) => line('error', event, fields, cause),
		info: (event, fields = {}) => line('info', event, fields),
		debug: (event, fields = {}) => line('debug', event, fields)
	};
}

/** A log that says nothing, for tests and commands. */
export const silentLog: Log = { error: () => undefined, info: () => undefined, debug: () => undefined };

/**
 * Name, code and stack of an error, with the causes' codes. A driver's message can quote a row ("Key (name)=(amina)
 * already exists"), so only messages of our own making are kept: those of errors that have a kebab-case code.
 */
function causeFields(cause: unknown): LogFields {
	const chain: string[] = [];
	let stack = '';
	for (let error = cause; error instanceof Error && chain.length < 5; error = error.cause) {
		const code =
			'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? `:${error.code}` : '';
		chain.push(`${error.name}${code}`);
		stack ||= (error.stack ?? '')
			.split('\n')
			.filter((frame) => /^\s+at /.test(frame))
			.slice(0, 8)
			.map((frame) => frame.trim())
			.join(' | ');
	}
	return { cause: chain.length === 0 ? typeof cause : chain.join(' < '), stack };
}

function human(fields: LogFields): string {
	const text = Object.entries(fields)
		.filter(([, value]) => value !== undefined && value !== '')
		.map(([name, value]) => `${name}=${String(value)}`)
		.join(' ');
	return text === '' ? '' : ` ${text}`;
}
