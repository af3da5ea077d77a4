/**
 * scorm-again, by sub-path and un-minified (its 3.4.3 minified root build throws on errors), each version loaded only when
 * a course needs it. The sub-paths' types declare a default export where the code has a named one, hence the casts.
 */
type Scorm12Class = typeof import('scorm-again/scorm12').default;
type Scorm2004Class = typeof import('scorm-again/scorm2004').default;

export type Scorm12 = InstanceType<Scorm12Class>;
export type Scorm2004 = InstanceType<Scorm2004Class>;

export async function loadScorm12(): Promise<Scorm12Class> {
	const library = await import('scorm-again/scorm12');
	return (library as unknown as { Scorm12API: Scorm12Class }).Scorm12API;
}

export async function loadScorm2004(): Promise<Scorm2004Class> {
	const library = await import('scorm-again/scorm2004');
	return (library as unknown as { Scorm2004API: Scorm2004Class }).Scorm2004API;
}
