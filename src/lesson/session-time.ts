/** Times as SCORM writes them. */

/** SCORM 1.2 CMITimespan: HHHH:MM:SS.SS */
export function timespan12(milliseconds: number): string {
	const { hours, minutes, seconds } = split(milliseconds);
	return `${String(hours).padStart(4, '0')}:${two(minutes)}:${two(Math.floor(seconds))}.${two(Math.round((seconds % 1) * 100))}`;
}

/** SCORM 2004 timeinterval(second,10,2): PT1H2M3.45S */
export function duration2004(milliseconds: number): string {
	const { hours, minutes, seconds } = split(milliseconds);
	return `PT${hours}H${minutes}M${seconds}S`;
}

/** SCORM 1.2 CMITime, the device's time of day: HH:MM:SS */
export function clockTime12(when: Date): string {
	return `${two(when.getHours())}:${two(when.getMinutes())}:${two(when.getSeconds())}`;
}

/** SCORM 2004 time(second,10,0); a time zone may only follow a fraction (RTE 4.1.1.7). */
export function timestamp2004(when: Date): string {
	return `${when.toISOString().slice(0, 19)}.0Z`;
}

function split(milliseconds: number): { hours: number; minutes: number; seconds: number } {
	const hundredths = Math.max(0, Math.round(milliseconds / 10));
	return {
		hours: Math.floor(hundredths / 360000),
		minutes: Math.floor((hundredths % 360000) / 6000),
		seconds: (hundredths % 6000) / 100
	};
}

function two(value: number): string {
	return String(value).padStart(2, '0');
}
