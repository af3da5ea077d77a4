import { encodeBatch, decodeBatch } from '/work/main/src/lib/contracts/push-codec.ts';
const mk = (seq, body) => ({
	device: '31ad0dc7e9d372f2',
	epoch: '0001-2qyxob',
	seq,
	learnerId: 'learner-1',
	courseId: 'course-1',
	packId: 'aaaaaaaaaaaaaaaaaaaa',
	attemptId: 'attempt-4',
	scoId: 'item-1',
	at: 1760000000000,
	body
});
const { SimulatedServer } = await import('/work/main/tests/simulation/server.ts');
const s = await SimulatedServer.open();
s.reset();
const bodies = [
	{ type: 'attempt.started' },
	{ type: 'attempt.updated', location: `page-3`, progress: 0.5, seconds: 8 },
	{
		type: 'attempt.answered',
		interactionId: 'q1',
		kind: null,
		response: '\ud800😀\0 سؤال',
		result: null,
		latency: null
	},
	{ type: 'unknown', original: '{"type":"note.written","n":3}' }
];
let q = 0;
for (const b of bodies) {
	const body = await encodeBatch([mk(++q, b)], 'learner-1');
	console.log(b.type, await s.push('learner-1', body), s.errors);
}
