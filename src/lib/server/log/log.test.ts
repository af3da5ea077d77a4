import { expect, test } from 'vitest';
import { createLog } from './log.ts';

const lines: string[] = [];
const log = (format: 'json' | 'human', level: 'error' | 'info' | 'debug' = 'debug') => {
	lines.length = 0;
	return createLog({ format, level, now: () => Date.UTC(2026, 10, 22, 9, 30), write: (line) => void lines.push(line) });
};

test('production: one JSON object a line', () => {
	log('json').info('server.started', { port: 4000 });
	expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
		{ at: '2026-11-22T09:30:00.000Z', level: 'info', event: 'server.started', port: 4000 }
	]);
});

test('demo: short lines', () => {
	log('human').info('server.started', { port: 4000 });
	expect(lines).toEqual(['09:30:00 server.started port=4000']);
});

test('what a driver says about a row does not get in: messages can quote people', () => {
	const cause = Object.assign(new Error('Key (name)=(amina.diallo) already exists'), { code: '23505' });
	log('json').error('request.failed', { route: '/api/people' }, new Error('while adding Amina Diallo', { cause }));
	expect(lines.join()).not.toMatch(/amina|diallo/i);
	expect(lines.join()).toContain('23505');
});

test('quieter levels say less', () => {
	const quiet = log('json', 'error');
	quiet.info('x');
	quiet.debug('x');
	quiet.error('y');
	expect(lines).toHaveLength(1);
});
