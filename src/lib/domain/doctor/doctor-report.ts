/**
 * The package doctor's report: what was found, gravest first, whether the course will work without a network, and what its
 * bytes are spent on. Pure: the same facts give the same report. SPEC: DR.
 */
import type { PackageFacts, FileFacts } from './package-facts.ts';
import { MOST_PLACES, SEVERITIES, finding, findingIfAny, type Finding, type Severity } from './finding.ts';
import { judgeAccess } from './judge-access.ts';
import { judgeAddresses, judgeBehaviour, signsIn } from './judge-addresses.ts';
import { judgeSize, sizesOf, type SizeOfKind } from './judge-size.ts';
import { judgeMeasured, judgeTracking, type MeasuredSuspendData } from './judge-tracking.ts';
import { reachedFiles } from './reach.ts';

/** Raised when the rules change: a stored report of an older doctor is made again. */
export const DOCTOR = 1;

/** As far as reading can tell: everything there; something missing on the page; something that learning needs missing. */
export type OfflineForecast = 'works' | 'gaps' | 'blocked';

export type DoctorReport = {
	readonly doctor: number;
	readonly scormVersion: '1.2' | '2004';
	readonly offline: OfflineForecast;
	readonly findings: readonly Finding[];
	readonly sizes: readonly SizeOfKind[];
};

export function examine(facts: PackageFacts): DoctorReport {
	const { files, structure } = facts;
	const reached = reachedFiles(facts);
	const findings = together([
		...judgeAddresses(files, reached),
		...judgeBehaviour(files, reached),
		...judgeAccess(files, reached),
		...judgeSize(files, reached),
		...judgeTracking(facts, reached),
		...limitsOfReading(files, reached)
	]);
	return {
		doctor: DOCTOR,
		scormVersion: structure.scormVersion,
		offline: forecastOf(findings),
		findings,
		sizes: sizesOf(files)
	};
}

/** DR30: the report as it reads once learners have worked with the course. */
export function withMeasured(report: DoctorReport, measured: MeasuredSuspendData): DoctorReport {
	const measurements = judgeMeasured(report.scormVersion, measured);
	if (measurements.length === 0) return report;
	// Short so far says nothing about the last unit; too long once is no guess any more.
	const isProved = measurements.some(({ code }) => code !== 'suspend-measured');
	const rest = report.findings.filter(({ code }) => !isProved || code !== 'suspend-long');
	return { ...report, findings: inOrder([...rest, ...measurements]) };
}

export function countOf(report: Pick<DoctorReport, 'findings'>, severity: Severity): number {
	return report.findings.filter((one) => one.severity === severity).length;
}

function limitsOfReading(files: readonly FileFacts[], reached: ReadonlySet<string>): readonly Finding[] {
	const partly = files.filter(({ text }) => text?.isWhole === false);
	const drawn = signsIn(
		files.filter(({ path }) => reached.has(path)),
		['drawn-by-script']
	);
	return [
		...findingIfAny(
			'not-all-read',
			partly.map(({ path }) => ({ path, line: null, what: null }))
		),
		...(drawn.count > 0 ? [finding('drawn-by-script', drawn.places, { count: drawn.count })] : [])
	];
}

function forecastOf(findings: readonly Finding[]): OfflineForecast {
	const offline = findings.filter(({ rule }) => /^DR[1-9]$/.test(rule));
	if (offline.some(({ severity }) => severity === 'blocks')) return 'blocked';
	const isGap = ({ code, severity, isSure }: Finding) =>
		severity === 'mend' ||
		(!isSure && ['loads-elsewhere', 'missing-needed', 'dead-technology', 'server-pages'].includes(code));
	return offline.some(isGap) ? 'gaps' : 'works';
}

/** DR0: what two judges found alike is told once. */
function together(findings: readonly Finding[]): readonly Finding[] {
	const merged = new Map<string, Finding>();
	for (const one of findings) {
		const key = `${one.code} ${one.isSure}`;
		const known = merged.get(key);
		merged.set(
			key,
			known === undefined
				? one
				: { ...known, count: known.count + one.count, places: [...known.places, ...one.places].slice(0, MOST_PLACES) }
		);
	}
	return inOrder([...merged.values()]);
}

/** Gravest first, then by rule, what is sure before what is not. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
	const rank = ({ severity, rule, isSure }: Finding) =>
		SEVERITIES.indexOf(severity) * 10_000 + Number(rule.slice(2)) * 10 + (isSure ? 0 : 1);
	return findings.toSorted((a, b) => rank(a) - rank(b));
}
