/**
 * How SCORM writes a length of time, to and from seconds.
 * SCORM 1.2 CMITimespan (RTE 3.4.4): `HHHH:MM:SS.SS`, such as "0001:30:05.25".
 * SCORM 2004 timeinterval(second,10,2) (RTE 4.1.1.7, ISO 8601): `P[nY][nM][nD][T[nH][nM][n[.nn]S]]`, such as "PT1H30M5.25S".
 * Reading is lenient, since tools are careless; writing is strict, since content validates what it gets back.
 */

const SECONDS = { year: 31_557_600, month: 2_629_800, week: 604_800, day: 86_400, hour: 3600, minute: 60 } as const;
/** The most CMITimespan can say: 9999:59:59.99. */
const LONGEST_TIMESPAN = 9999 * 3600 + 59 * 60 + 59.99;

/** Seconds, or null when the text is no CMITimespan. */
export function parseTimespan(text: string): number | null {
	const match = /^(\d{1,6}):(\d{1,2}):(\d{1,2}(?:\.\d+)?)$/.exec(text.trim());
	if (match === null) return null;
	return roundToHundredths(Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]));
}

/** "HHHH:MM:SS.SS"; negative and unknown lengths become zero, endless ones the longest that fits. */
export function formatTimespan(seconds: number): string {
	const hundredths = Math.round(clamp(seconds, LONGEST_TIMESPAN) * 100);
	const pad = (value: number, width: number) => String(value).padStart(width, '0');
	const whole = Math.floor(hundredths / 100);
	const clock = `${pad(Math.floor(whole / 3600), 4)}:${pad(Math.floor(whole / 60) % 60, 2)}:${pad(whole % 60, 2)}`;
	return `${clock}.${pad(hundredths % 100, 2)}`;
}

/** Seconds, or null when the text is no duration. A year counts 365.25 days, a month a twelfth of that. */
export function parseDuration(text: string): number | null {
	const match =
		/^P(?=.)(?:(\d+(?:\.\d+)?)Y)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?=.)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(
			text.trim()
		);
	if (match === null) return null;
	const [, years, months, weeks, days, hours, minutes, seconds] = match.map((part) => Number(part ?? 0));
	return roundToHundredths(
		(years ?? 0) * SECONDS.year +
			(months ?? 0) * SECONDS.month +
			(weeks ?? 0) * SECONDS.week +
			(days ?? 0) * SECONDS.day +
			(hours ?? 0) * SECONDS.hour +
			(minutes ?? 0) * SECONDS.minute +
			(seconds ?? 0)
	);
}

/** "PT1H30M5.25S"; hours may pass 24, since days, months and years are read differently by every run-time. */
export function formatDuration(seconds: number): string {
	const hundredths = Math.round(clamp(seconds, Number.MAX_SAFE_INTEGER / 100) * 100);
	const hours = Math.floor(hundredths / 360_000);
	const minutes = Math.floor(hundredths / 6000) % 60;
	const rest = hundredths % 6000;
	const fraction =
		rest % 100 === 0
			? ''
			: `.${String(rest % 100)
					.padStart(2, '0')
					.replace(/0$/, '')}`;
	const parts = [
		hours > 0 ? `${hours}H` : '',
		minutes > 0 ? `${minutes}M` : '',
		rest > 0 ? `${Math.floor(rest / 100)}${fraction}S` : ''
	].join('');
	return `PT${parts === '' ? '0S' : parts}`;
}

function clamp(seconds: number, most: number): number {
	return Number.isNaN(seconds) ? 0 : Math.min(Math.max(seconds, 0), most);
}

function roundToHundredths(seconds: number): number {
	return Math.round(seconds * 100) / 100;
}
