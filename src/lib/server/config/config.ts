/**
 * What the operator decides, read from the environment once, at start. Every wrong value is reported in one sentence that
 * says which variable, what is wrong and what would do (README of this folder lists them all).
 */
import { isAbsolute, resolve } from 'node:path';
import * as v from 'valibot';

export type Config = {
	readonly host: string;
	readonly port: number;
	/** "https://learn.example.org"; the only origin that may change anything. */
	readonly appOrigin: string;
	/** "https://c-{packId}.content.example.org", or without {packId} for a single content host. */
	readonly contentOriginPattern: string;
	/** A postgres:// URL, or null for SQLite in the data folder. */
	readonly databaseUrl: string | null;
	/** Absolute. Holds waypost.sqlite, packs/, keys/ and incoming/. */
	readonly dataDir: string;
	/** Demo people and data: only when listening on a loopback address. */
	readonly demo: boolean;
	/** `few`: the demo begins with one course only, for a quick start. */
	readonly demoCourses: 'all' | 'few';
	readonly loopback: boolean;
	/** Proxies in front whose X-Forwarded-For is believed; 0 = none. */
	readonly trustedProxies: number;
	readonly logFormat: 'json' | 'human';
	readonly logLevel: 'error' | 'info' | 'debug';
	readonly version: string;
	readonly limits: Limits;
};

export type Limits = {
	/** Bytes of one push body, as it travels. */
	readonly pushBytes: number;
	/** Bytes of any other JSON body. */
	readonly jsonBytes: number;
	/** Bytes of a package upload. */
	readonly packageBytes: number;
	/** Bytes of a package, unpacked. */
	readonly unpackedBytes: number;
	/** Files in a package. */
	readonly packageFiles: number;
};

/** One sentence per problem. */
export class ConfigError extends Error {
	override readonly name = 'ConfigError';
	readonly problems: readonly string[];

	constructor(problems: readonly string[]) {
		super(`The settings do not fit:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
		this.problems = problems;
	}
}

type Environment = Readonly<Record<string, string | undefined>>;

const MiB = 1024 * 1024;

const wholeNumber = (minimum: number, maximum: number) =>
	v.pipe(
		v.string(),
		v.trim(),
		v.regex(/^\d+$/, `must be a whole number from ${minimum} to ${maximum}`),
		v.transform(Number),
		v.check((value) => value >= minimum && value <= maximum, `must be a whole number from ${minimum} to ${maximum}`)
	);

const origin = (example: string) =>
	v.pipe(
		v.string(),
		v.trim(),
		v.transform((text) => text.replace(/\/$/, '')),
		v.check(isOrigin, `must be an address without a path, such as ${example}`)
	);

const yesOrNo = v.pipe(
	v.string(),
	v.trim(),
	v.picklist(['1', '0', 'true', 'false', 'yes', 'no'], 'must be yes or no'),
	v.transform((text) => text === '1' || text === 'true' || text === 'yes')
);

const environmentSchema = v.object({
	PORT: v.optional(wholeNumber(0, 65_535)),
	HOST: v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty('must be an address to listen on, such as 0.0.0.0'))),
	APP_ORIGIN: v.optional(origin('https://learn.example.org')),
	CONTENT_ORIGIN: v.optional(origin('https://c-{packId}.content.example.org')),
	DATABASE_URL: v.optional(
		v.pipe(
			v.string(),
			v.trim(),
			v.regex(/^postgres(ql)?:\/\/./, 'must start with postgres:// (leave it out for SQLite)')
		)
	),
	DATA_DIR: v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty('must be a folder'))),
	DEMO: v.optional(yesOrNo),
	DEMO_COURSES: v.optional(v.picklist(['all', 'few'], 'must be all or few')),
	TRUST_PROXY: v.optional(wholeNumber(0, 9)),
	LOG_FORMAT: v.optional(v.picklist(['json', 'human'], 'must be json or human')),
	LOG_LEVEL: v.optional(v.picklist(['error', 'info', 'debug'], 'must be error, info or debug')),
	MAX_PUSH_BYTES: v.optional(wholeNumber(64 * 1024, 64 * MiB)),
	MAX_PACKAGE_BYTES: v.optional(wholeNumber(MiB, 4096 * MiB)),
	MAX_UNPACKED_BYTES: v.optional(wholeNumber(MiB, 16_384 * MiB)),
	MAX_PACKAGE_FILES: v.optional(wholeNumber(1, 200_000))
});

/**
 * @param version of the application, for /healthz and the client
 * @throws ConfigError with every problem, not only the first
 */
export function readConfig(environment: Environment, version: string, folder = process.cwd()): Config {
	const given = Object.fromEntries(
		Object.keys(environmentSchema.entries).flatMap((name) => {
			const value = environment[name];
			return value === undefined || value === '' ? [] : [[name, value]];
		})
	);
	const parsed = v.safeParse(environmentSchema, given);
	if (!parsed.success) {
		throw new ConfigError(
			parsed.issues.map((issue) => {
				const name = String(issue.path?.[0]?.key);
				// An address of a database has a password in it.
				return `${name} ${issue.message}${name === 'DATABASE_URL' ? '' : ` (it is "${String(issue.path?.[0]?.value)}")`}.`;
			})
		);
	}
	const values = parsed.output;
	const port = values.PORT ?? 4000;
	const host = values.HOST ?? '127.0.0.1';
	const loopback = isLoopback(host);
	const appOrigin = values.APP_ORIGIN ?? `http://learn.waypost.localhost:${port}`;
	const contentOriginPattern =
		values.CONTENT_ORIGIN ??
		(values.APP_ORIGIN === undefined ? `http://c-{packId}.waypost.localhost:${port}` : undefined);
	const problems = [
		...problemsOfOrigins(appOrigin, contentOriginPattern),
		...(values.DEMO === true && !loopback
			? [`DEMO cannot be on when HOST is "${host}": the demo's sign-ins are public, so they exist only on 127.0.0.1.`]
			: []),
		...(!loopback && values.APP_ORIGIN === undefined
			? [
					'APP_ORIGIN must be set when HOST is not a loopback address: the address people type, such as https://learn.example.org.'
				]
			: [])
	];
	if (problems.length > 0 || contentOriginPattern === undefined) throw new ConfigError(problems);
	const demo = loopback && (values.DEMO ?? true);
	const dataDir = values.DATA_DIR ?? 'data';
	return {
		host,
		port,
		appOrigin,
		contentOriginPattern,
		databaseUrl: values.DATABASE_URL ?? null,
		dataDir: isAbsolute(dataDir) ? dataDir : resolve(folder, dataDir),
		demo,
		demoCourses: values.DEMO_COURSES ?? 'all',
		loopback,
		trustedProxies: values.TRUST_PROXY ?? 0,
		logFormat: values.LOG_FORMAT ?? (demo ? 'human' : 'json'),
		logLevel: values.LOG_LEVEL ?? 'info',
		version,
		limits: {
			pushBytes: values.MAX_PUSH_BYTES ?? 4 * MiB,
			jsonBytes: 2 * MiB,
			packageBytes: values.MAX_PACKAGE_BYTES ?? 1024 * MiB,
			unpackedBytes: values.MAX_UNPACKED_BYTES ?? 4096 * MiB,
			packageFiles: values.MAX_PACKAGE_FILES ?? 20_000
		}
	};
}

/** What works, but is worth a word at start. Codes with their values, for the log. */
export function warningsOf(config: Config): readonly string[] {
	return [
		...(config.contentOriginPattern.includes('{packId}')
			? []
			: [
					'CONTENT_ORIGIN has no {packId}: every package shares one origin and could read or change the others. Use a wildcard name if you can.'
				]),
		...(config.appOrigin.startsWith('http:') && !isLocalName(new URL(config.appOrigin).hostname)
			? [
					'APP_ORIGIN is not https: browsers will not install the application or keep courses offline, and sign-ins can be read on the way.'
				]
			: [])
	];
}

export function contentOriginOf(config: Pick<Config, 'contentOriginPattern'>, packId: string): string {
	return config.contentOriginPattern.replace('{packId}', packId);
}

export function isLoopback(host: string): boolean {
	return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** A name that only ever means this machine (RFC 6761, section 6.3). */
export function isLocalName(name: string): boolean {
	return isLoopback(name) || name.endsWith('.localhost');
}

function problemsOfOrigins(appOrigin: string, pattern: string | undefined): string[] {
	if (pattern === undefined) {
		return [
			'CONTENT_ORIGIN must be set when APP_ORIGIN is: where courses run, such as https://c-{packId}.content.example.org.'
		];
	}
	const problems: string[] = [];
	if (new URL(pattern.replace('{packId}', '0')).host === new URL(appOrigin).host) {
		problems.push(
			'CONTENT_ORIGIN must be another host than APP_ORIGIN: a course is untrusted code and must not share the origin of sign-ins.'
		);
	}
	if (pattern.includes('{packId}') && !/^https?:\/\/[a-z0-9-]*\{packId\}[a-z0-9-]*\./.test(pattern)) {
		problems.push(
			'CONTENT_ORIGIN must have {packId} inside the first part of the host name, such as https://c-{packId}.content.example.org.'
		);
	}
	if (appOrigin.startsWith('https:') && pattern.startsWith('http:')) {
		problems.push(
			'CONTENT_ORIGIN must be https when APP_ORIGIN is: a browser does not show an insecure frame in a secure page.'
		);
	}
	return problems;
}

function isOrigin(text: string): boolean {
	const url = URL.parse(text.replace('{packId}', '0'));
	return url !== null && /^https?:$/.test(url.protocol) && url.origin === text.replace('{packId}', '0').toLowerCase();
}
