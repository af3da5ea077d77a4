/**
 * scorm-again, by sub-path and un-minified (its 3.4.3 minified root build throws on errors), each version loaded only when
 * a course needs it. The sub-paths' types declare a default export where the code has a named one, hence the casts.
 */
import type Scorm12 from 'scorm-again/scorm12';
import type Scorm2004 from 'scorm-again/scorm2004';

export type { Scorm12, Scorm2004 };

export async function loadScorm12(): Promise<typeof Scorm12> {
	const library = await import('scorm-again/scorm12');
	return (library as unknown as { Scorm12API: typeof Scorm12 }).Scorm12API;
}

export async function loadScorm2004(): Promise<typeof Scorm2004> {
	const library = await import('scorm-again/scorm2004');
	return (library as unknown as { Scorm2004API: typeof Scorm2004 }).Scorm2004API;
}
