// The command line: `npm run cli -- <command> [...]`. Each command is a file of ./commands that exports `run(args)`.
import { existsSync } from 'node:fs';
import { ConfigError } from '#lib/server/config/config.ts';

type Run = (args: readonly string[]) => Promise<number | void>;
type Command = { readonly words: string; readonly about: string; readonly file: string };

const commands: readonly Command[] = [
	{ words: 'serve', about: 'Start the server (npm start does this, after building what changed).', file: 'serve.ts' },
	{
		words: 'course import',
		about: 'FILE.zip [--code CODE] [--title TITLE] [--publish]: import a SCORM package.',
		file: 'course-import.ts'
	},
	{
		words: 'course doctor',
		about: 'FILE.zip [--language fr] [--json]: look a SCORM package over without importing it.',
		file: 'course-doctor.ts'
	},
	{ words: 'course new', about: 'Begin a course of your own in courses/.', file: 'course-new.ts' },
	{ words: 'course build', about: 'Build a course from courses/ into a SCORM package.', file: 'course-build.ts' },
	{ words: 'course lint', about: 'Look a course over before building it.', file: 'course-lint.ts' },
	{
		words: 'course preview',
		about: 'COURSE [--port N]: look at a course while writing it.',
		file: 'course-preview.ts'
	},
	{
		words: 'user create',
		about: 'NAME --role ROLE [--display-name NAME] [--centre NAME]: make an account; prints its secret once.',
		file: 'user-create.ts'
	},
	{ words: 'user secret', about: 'NAME: a new secret for an account; prints it once.', file: 'user-secret.ts' },
	{ words: 'rebuild', about: 'Make all progress tables again from the learning events.', file: 'rebuild.ts' },
	{
		words: 'demo seed',
		about: 'Fill an empty installation with the demo (loopback only; npm start does it by itself).',
		file: 'demo-seed.ts'
	},
	{ words: 'decode', about: 'FILE: show a captured push body as text.', file: 'decode.ts' }
];

async function main(argv: readonly string[]): Promise<number> {
	const found = commands
		.filter(({ words }) => words.split(' ').every((word, index) => argv[index] === word))
		.toSorted((left, right) => right.words.length - left.words.length)[0];
	if (found === undefined || argv.includes('--help')) {
		help();
		return found === undefined && argv.length > 0 && !argv.includes('--help') ? 1 : 0;
	}
	const file = new URL(`./commands/${found.file}`, import.meta.url);
	if (!existsSync(file)) {
		console.error(`"${found.words}" is not part of this version.`);
		return 1;
	}
	const { run } = (await import(file.href)) as { readonly run: Run };
	return (await run(argv.slice(found.words.split(' ').length))) ?? 0;
}

function help(): void {
	const width = Math.max(...commands.map(({ words }) => words.length));
	console.log('Usage: npm run cli -- <command> [...]\n');
	for (const { words, about } of commands) console.log(`  ${words.padEnd(width)}  ${about}`);
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	// What a person can mend is said in a sentence; the rest keeps its stack for whoever mends the program.
	console.error(
		error instanceof ConfigError || (error instanceof Error && error.name === 'CommandError') ? error.message : error
	);
	process.exitCode = 1;
}
