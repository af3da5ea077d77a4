import { expect, test } from 'vitest';
import { isOpen, type PrerequisiteState } from './prerequisites.ts';

const done: PrerequisiteState = { completion: 'completed', success: 'unknown' };
const passed: PrerequisiteState = { completion: 'incomplete', success: 'passed' };
const failed: PrerequisiteState = { completion: 'incomplete', success: 'failed' };
const fresh: PrerequisiteState = { completion: 'not attempted', success: 'unknown' };
const states: Record<string, PrerequisiteState> = { done, passed, failed, fresh, 'item-1.a': done };
const stateOf = (id: string) => states[id] ?? null;

test.each([
	[null, true],
	['', true],
	['done', true],
	['item-1.a', true],
	['passed', true],
	['fresh', false],
	['failed', false],
	['done & passed', true],
	['done&fresh', false],
	['fresh | done', true],
	['fresh|failed', false],
	['~fresh', true],
	['~(done & fresh)', true],
	['not done', false],
	['done and passed or fresh', true],
	['fresh & done | done', true],
	['failed="failed"', true],
	['failed = f', true],
	['passed<>"passed"', false],
	['fresh="not attempted"', true],
	['2*{done,passed,fresh}', true],
	['3*{done, passed, fresh}', false],
	['1*{fresh,(done&passed)}', true]
])('[SC9] the prerequisite %j is open: %j', (script, expected) => expect(isOpen(script, stateOf)).toBe(expected));

test.each(['done &', '(done', 'done done', 'nobody', 'fresh="odd"', '2*{fresh', '"text"', 'fresh @'])(
	'[SC9] %j cannot be read, so nobody is locked out',
	(script) => expect(isOpen(script, stateOf)).toBe(true)
);
