const { SimulatedServer } = await import('/work/main/tests/simulation/server.ts');
const { runSchedule } = await import('/work/main/tests/simulation/schedule.ts');
const n = Number(process.argv[2]),
	from = Number(process.argv[3] ?? 1);
const s = await SimulatedServer.open();
let t = performance.now(),
	ev = 0,
	rq = 0,
	bad = 0;
for (let seed = from; seed < from + n; seed++) {
	const o = await runSchedule(s, seed);
	ev += o.events;
	rq += o.requests;
	if (o.violations.length) {
		bad++;
		if (bad < 4) {
			console.log(seed, o.violations.slice(0, 4));
		}
	}
}
console.log(
	n,
	'schedules',
	((performance.now() - t) / n).toFixed(2),
	'ms each',
	ev,
	'events',
	rq,
	'requests',
	bad,
	'bad'
);
