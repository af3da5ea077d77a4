/** Numbers, sizes, times and dates in a person's language, by Intl, with the digits she chose. Pure: `now` comes in. */

export type Digits = 'latn' | 'arab';

export type Formats = ReturnType<typeof createFormats>;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `digits` only matters where a language is written with more than one set. */
export function createFormats(language: string, digits: Digits = 'latn') {
	// English without a country would write dates the American way: here it is read all over the world.
	const region = language === 'en' ? 'en-GB' : language;
	const locale = `${region}-u-nu-${digits}`;
	// To make one costs a phone milliseconds, and a list asks for the same one in every row.
	const numbers = remembered((options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options));
	const dates = remembered((options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options));
	const languages = remembered((type: 'language') => new Intl.DisplayNames([language], { type }));
	const number = (value: number, options: Intl.NumberFormatOptions = {}): string => numbers(options).format(value);
	// Arabic's short forms are single letters that few people read as units.
	const brief = language.startsWith('ar') ? 'long' : 'short';
	const unit = (value: number, name: string, unitDisplay: 'short' | 'long' = brief, digitsAfter = 0): string =>
		number(value, { style: 'unit', unit: name, unitDisplay, maximumFractionDigits: digitsAfter });
	const day = (time: number, options: Intl.DateTimeFormatOptions): string => dates(options).format(time);

	return {
		locale,
		number,
		/** 0.734 -> "73%" */
		percent: (share: number): string => number(share, { style: 'percent', maximumFractionDigits: 0 }),
		/** Bytes in the unit a shop would use (1 MB = 1,000,000 bytes): "640 kB", "2.4 MB", "1.2 GB". Rounded up: never less than it will cost. */
		bytes: (bytes: number): string => {
			if (bytes < 1e6) return unit(Math.ceil(bytes / 1e3), 'kilobyte');
			const [value, name] = bytes < 1e9 ? ([bytes / 1e6, 'megabyte'] as const) : ([bytes / 1e9, 'gigabyte'] as const);
			return value < 10 ? unit(Math.ceil(value * 10) / 10, name, brief, 1) : unit(Math.ceil(value), name);
		},
		/** Seconds as a person would say them: "1 hr 20 min", "5 min". Less than a minute is "1 min". */
		duration: (seconds: number): string => {
			const minutes = Math.max(1, Math.round(seconds / MINUTE));
			if (minutes < 60) return unit(minutes, 'minute');
			const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
			if (rest === 0) return unit(hours, 'hour');
			const parts = [unit(hours, 'hour'), unit(rest, 'minute')];
			return brief === 'long' ? new Intl.ListFormat(locale, { type: 'conjunction' }).format(parts) : parts.join(' ');
		},
		/** 1.5 -> "1.5 hours" */
		hours: (hours: number): string => unit(hours, 'hour', 'long', 1),
		/** "12 May 2026" */
		date: (time: number): string => day(time, { day: 'numeric', month: 'long', year: 'numeric' }),
		/** "12 May" in the year of `now`, "12 May 2025" in another. */
		shortDate: (time: number, now: number): string =>
			new Date(time).getFullYear() === new Date(now).getFullYear()
				? day(time, { day: 'numeric', month: 'short' })
				: day(time, { day: 'numeric', month: 'short', year: 'numeric' }),
		/** "12 May, 14:05"; today only "14:05". */
		moment: (time: number, now: number): string => {
			const clock = day(time, { hour: '2-digit', minute: '2-digit' });
			if (new Date(time).toDateString() === new Date(now).toDateString()) return clock;
			const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
			return day(time, {
				day: 'numeric',
				month: 'short',
				hour: '2-digit',
				minute: '2-digit',
				...(sameYear ? {} : { year: 'numeric' })
			});
		},
		/** "today", "yesterday" or "12 May", with the time of day: "today, 14:05". */
		longMoment: (time: number, now: number): string => {
			const days = Math.round(
				(new Date(time).setHours(12, 0, 0, 0) - new Date(now).setHours(12, 0, 0, 0)) / (DAY * 1000)
			);
			const date =
				days === 0 || days === -1
					? new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day')
					: day(time, { day: 'numeric', month: 'long' });
			// Not Intl.ListFormat: in French and Spanish it says "today and 14:05".
			return [date, day(time, { hour: '2-digit', minute: '2-digit' })].join(language.startsWith('ar') ? '، ' : ', ');
		},
		/** "yesterday", "3 days ago", "in 2 weeks". */
		relative: (time: number, now: number): string => {
			const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
			const seconds = Math.round((time - now) / 1000);
			const size = Math.abs(seconds);
			if (size < HOUR) return format.format(Math.round(seconds / MINUTE), 'minute');
			if (size < DAY) return format.format(Math.round(seconds / HOUR), 'hour');
			if (size < 14 * DAY) return format.format(Math.round(seconds / DAY), 'day');
			if (size < 60 * DAY) return format.format(Math.round(seconds / (7 * DAY)), 'week');
			return format.format(Math.round(seconds / (30.44 * DAY)), 'month');
		},
		/** "2026 May" for the data use of a month written "2026-05". */
		month: (month: string): string => day(Date.parse(`${month}-15T12:00:00Z`), { month: 'long', year: 'numeric' }),
		list: (items: readonly string[]): string => new Intl.ListFormat(locale, { type: 'conjunction' }).format(items),
		/** Name of a language in this language: "ar" -> "Arabic". */
		languageName: (code: string): string => {
			try {
				return languages('language').of(code) ?? code;
			} catch {
				// Course records may hold tags that are none, such as "english".
				return code;
			}
		}
	};
}

function remembered<Options, Made>(make: (options: Options) => Made): (options: Options) => Made {
	const known = new Map<string, Made>();
	return (options) => {
		const key = JSON.stringify(options);
		const made = known.get(key) ?? make(options);
		known.set(key, made);
		return made;
	};
}
