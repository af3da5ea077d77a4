const { SimulatedServer } = await import('/work/main/tests/simulation/server.ts');
const { runSchedule } = await import('/work/main/tests/simulation/schedule.ts');
const s = await SimulatedServer.open();
const o = await runSchedule(s, Number(process.argv[2]));
console.log(o.log.join('\n'));
console.log(
	o.violations
		.slice(0, 12)
		.map((v) => v.rule + ': ' + v.detail.slice(0, 300))
		.join('\n')
);
