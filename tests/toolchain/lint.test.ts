// The house of DESIGN as lint: each line is an import (or a call) in a room, and whether that room may have it. The real
// configuration is run on real files, in a copy of the tree that holds nothing else.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const projectRoot = join(import.meta.dirname, '..', '..');
const oxlint = join(projectRoot, 'node_modules', 'oxlint', 'bin', 'oxlint');

type Case = readonly [file: string, code: string];

const refused: readonly (readonly [...Case, says: string])[] = [
	['src/lib/domain/course/a.ts', "import Dexie from 'dexie';", 'The domain imports nothing'],
	[
		'src/lib/domain/course/b.ts',
		"import type { Api } from '#lib/contracts/api.ts';",
		'domain may not import from contracts'
	],
	[
		'src/lib/domain/course/c.ts',
		"import { open } from '../../server/db/open.ts';",
		'domain may not import from server'
	],
	['src/lib/domain/course/d.ts', "import { readFileSync } from 'node:fs';", 'The domain imports nothing'],
	['src/lib/domain/course/e.ts', 'export const at = Date.now();', 'take now as an argument'],
	['src/lib/domain/course/f.ts', 'export const at = new Date();', 'does not read the clock'],
	['src/lib/domain/course/g.ts', 'export const id = Math.random();', 'Math.random'],
	['src/lib/domain/course/h.ts', "export const page = fetch('/');", 'does not call fetch'],
	[
		'src/lib/domain/course/i.ts',
		"export const later = () => import('#lib/client/app.ts');",
		'domain may not import from client'
	],
	['src/lib/contracts/a.ts', "import { open } from '#lib/server/db/open.ts';", 'contracts may not import from server'],
	['src/lib/contracts/b.ts', "import Dexie from 'dexie';", 'A contract is a schema'],
	['src/lib/client/machines/a-machine.ts', "import Dexie from 'dexie';", 'machine.provide'],
	['src/lib/client/machines/b-machine.ts', "import { table } from '#lib/client/db/table.ts';", 'machine.provide'],
	['src/lib/client/machines/c-machine.ts', "export const page = fetch('/');", 'A machine does no IO'],
	[
		'src/lib/client/sync/a.ts',
		"import { accept } from '#lib/server/sync/accept-push.ts';",
		'client/sync may not import from server'
	],
	['src/lib/client/state/a.svelte.ts', "import { hash } from 'node:crypto';", 'client may not import the package'],
	['src/lib/client/state/b.ts', "import Card from '#lib/ui/learner/Card.svelte';", 'client may not import from ui'],
	['src/lib/server/a.ts', "import { goto } from '$app/navigation';", 'without Kit'],
	['src/lib/server/b.ts', "import { push } from '#lib/client/sync/push.ts';", 'server may not import from client'],
	[
		'src/lib/ui/A.svelte',
		'<script lang="ts">\n\timport { table } from "#lib/client/db/table.ts";\n</script>\n{table}',
		'A component takes values in'
	],
	[
		'src/lib/ui/B.svelte',
		'<script lang="ts">\n\tconst page = fetch("/");\n</script>\n{page}',
		'A component shows values'
	],
	[
		'src/lib/ui/C.svelte',
		'<script lang="ts">\n\timport Dexie from "dexie";\n</script>\n{Dexie}',
		'A component takes values in'
	],
	[
		'src/routes/a/+page.svelte',
		'<script lang="ts">\n\timport { open } from "#lib/server/db/open.ts";\n</script>\n{open}',
		'reaches the browser'
	],
	['src/routes/a/+page.ts', "import { open } from '#lib/server/db/open.ts';", 'reaches the browser'],
	['src/routes/a/+server.ts', "import { play } from '#player/main.ts';", 'routes may not import from player'],
	['src/player/a.ts', "import { push } from '#lib/client/sync/push.ts';", 'player may not import from client'],
	['src/player/b.ts', "import { Scorm12API } from 'scorm-again';", 'by sub-path'],
	['src/lesson/a.ts', "import { api } from '#lib/contracts/api.ts';", 'lesson may not import from contracts'],
	['service-worker/a.ts', "import { app } from '#lib/client/app.ts';", 'service-worker may not import from client'],
	['service-worker/b.ts', "import { createMachine } from 'xstate';", 'service-worker may not import the package'],
	['src/cli/commands/a.ts', "import { push } from '#lib/client/sync/push.ts';", 'cli may not import from client'],
	['src/lib/errors/a.ts', "export { b } from './b.ts';", 'No barrels'],
	['src/lib/errors/c.ts', "import { b } from './b';", 'Write the whole file name'],
	['src/lib/errors/d.ts', "import { b } from '$lib/errors/b.ts';", 'Write "#lib/..." instead'],
	['src/lib/errors/e.ts', "console.log('hello');", 'no-console'],
	['src/lib/errors/f.ts', 'export const loose = (value: any) => value;', 'no-explicit-any'],
	['src/lib/errors/round-1.ts', "import { two } from './round-2.ts';\nexport const one = () => two;", 'no-cycle'],
	[
		'src/lib/errors/round-2.ts',
		"import { one } from '#lib/errors/round-1.ts';\nexport const two = () => one;",
		'no-cycle'
	],
	[
		'tests/contracts/a.test.ts',
		"import { test } from 'vitest';\ntest.only('one', () => undefined);",
		'no-focused-tests'
	]
];

const allowed: readonly Case[] = [
	[
		'src/lib/domain/attempt/a.ts',
		"import { b } from './b.ts';\nimport { c } from '#lib/domain/course/c.ts';\nexport const at = (now: number) => new Date(now + b + c);"
	],
	[
		'src/lib/domain/attempt/a.test.ts',
		"import { readFileSync } from 'node:fs';\nimport { test } from 'vitest';\ntest('reads', () => readFileSync('x'));"
	],
	[
		'src/lib/contracts/ok.ts',
		"import * as v from 'valibot';\nimport { c } from '#lib/domain/course/c.ts';\nexport const both = [v, c];"
	],
	[
		'src/lib/client/machines/ok-machine.ts',
		"import { setup } from 'xstate';\nimport type { Api } from '#lib/contracts/api.ts';\nexport const both = (api: Api) => [setup, api];"
	],
	[
		'src/lib/client/db/ok.ts',
		"import Dexie from 'dexie';\nimport { c } from '#lib/domain/course/c.ts';\nexport const both = [Dexie, c];"
	],
	[
		'src/lib/server/ok.ts',
		"import { DatabaseSync } from 'node:sqlite';\nimport { Lucia } from 'lucia';\nimport { api } from '#lib/contracts/api.ts';\nexport const all = [DatabaseSync, Lucia, api];"
	],
	[
		'src/lib/ui/learner/Ok.svelte',
		'<script lang="ts">\n\timport { Check } from "@lucide/svelte";\n\timport Other from "./Other.svelte";\n\tlet { name }: { name: string } = $props();\n</script>\n<Check /><Other />{name}'
	],
	[
		'src/routes/ok/+page.svelte',
		'<script lang="ts">\n\timport { goto } from "$app/navigation";\n\timport Ok from "#lib/ui/learner/Ok.svelte";\n\timport { app } from "#lib/client/app.ts";\n</script>\n<Ok name={app} {goto} />'
	],
	[
		'src/routes/ok/+page.server.ts',
		"import type { PageServerLoad } from './$types';\nimport { open } from '#lib/server/db/open.ts';\nexport const load: PageServerLoad = () => open();"
	],
	[
		'src/player/ok.ts',
		"import { Scorm12API } from 'scorm-again/scorm12';\nimport { port } from '#lib/contracts/player-port.ts';\nexport const all = [Scorm12API, port];"
	],
	[
		'src/lesson/ok.ts',
		"import { scoreOf } from '#lib/domain/authoring/score-question.ts';\nexport const score = scoreOf;"
	],
	[
		'service-worker/ok.ts',
		"import { precacheAndRoute } from 'workbox-precaching';\nimport { push } from '#lib/client/sync/push.ts';\nexport const all = [precacheAndRoute, push];"
	],
	['src/cli/ok.ts', "import { app } from '#lib/server/app.ts';\nconsole.log(app);"]
];

let reports: Map<string, string[]>;
let folder = '';

type Diagnostic = { message: string; code: string; filename: string; help?: string };

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'waypost-lint-'));
	for (const path of ['.oxlintrc.json', 'package.json', 'src/cli/lint']) {
		cpSync(join(projectRoot, path), join(folder, path), { recursive: true });
	}
	for (const [file, code] of [...refused, ...allowed]) {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		writeFileSync(join(folder, file), `${code}\n`);
	}
	const { stdout } = spawnSync(process.execPath, [oxlint, '--format', 'json', '.'], { cwd: folder, encoding: 'utf8' });
	const { diagnostics } = JSON.parse(stdout) as { diagnostics: Diagnostic[] };
	reports = new Map();
	for (const { filename, message, code, help } of diagnostics) {
		const path = filename.replaceAll('\\', '/');
		reports.set(path, [...(reports.get(path) ?? []), `${code}: ${message} ${help ?? ''}`]);
	}
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An import that this case makes but does not use is not what it is about. */
const about = (file: string) => (reports.get(file) ?? []).filter((report) => !report.includes('no-unused-vars'));

test.each(refused)('%s is refused: %s', (file, _code, says) => {
	expect(about(file).join('\n')).toContain(says);
});

test.each(allowed)('%s is allowed', (file) => {
	expect(about(file)).toEqual([]);
});
