/** Records in `states.<language>.yaml` that each text of a translation was made from the source as it stands now. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, stringsOf } from '#lib/domain/authoring/strings.ts';
import { readCourse } from './read-course.ts';

/**
 * Texts whose source is unchanged keep their state; new and changed ones become `state`.
 * @returns how many entries are new or were stale.
 */
export function stampTranslation(courseDir: string, language: string, state: 'draft' | 'reviewed'): number {
	const course = readCourse(courseDir);
	const source = course.versions[0];
	const before = course.ledgers.get(language);
	if (source === undefined || before === undefined)
		throw new Error(`"${language}" is not a translation of this course`);
	let changed = 0;
	const lines = [...stringsOf(source)].map(([key, text]) => {
		const of = fingerprint(text);
		const old = before.get(key);
		// Marking everything as reviewed is a person's word about the whole file; a draft stamp must not take it back.
		const now = state === 'reviewed' ? 'reviewed' : old?.of === of ? old.state : 'draft';
		if (old?.of !== of || old.state !== now) changed += 1;
		return `${key}: ${of} ${now}`;
	});
	const head = `# Which source text each ${language} text was made from, and its state. Written by "course lint --stamp ${language}".\n`;
	writeFileSync(join(courseDir, `states.${language}.yaml`), `${head}${lines.join('\n')}\n`);
	return changed;
}
