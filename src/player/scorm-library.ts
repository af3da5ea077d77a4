/**
 * scorm-again, by sub-path and un-minified (its 3.4.3 minified root build throws on errors), each version loaded only when
 * a course needs it. The sub-paths' own types are wrong (they declare a default that is not there), hence the casts.
 */
import type { Scorm12API as Scorm12Class, Scorm2004API as Scorm2004Class } from 'scorm-again';

export type Scorm12 = InstanceType<typeof Scorm12Class>;
export type Scorm2004 = InstanceType<typeof Scorm2004Class>;

export async function loadScorm12(): Promise<typeof Scorm12Class> {
	const library = await import('scorm-again/scorm12');
	return (library as unknown as { Scorm12API: typeof Scorm12Class }).Scorm12API;
}

export async function loadScorm2004(): Promise<typeof Scorm2004Class> {
	const library = await import('scorm-again/scorm2004');
	return (library as unknown as { Scorm2004API: typeof Scorm2004Class }).Scorm2004API;
}
