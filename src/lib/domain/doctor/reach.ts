/** Which files of a package a learner can come to, from the pages that the course opens; as far as names are written out. */
import { launchableItems } from '../course/course-structure.ts';
import type { FileFacts, PackageFacts } from './package-facts.ts';
import { FileNames, meaningOf } from './reference.ts';

export function reachedFiles({ structure, files }: PackageFacts): ReadonlySet<string> {
	const names = new FileNames(files.map(({ path }) => path));
	const byPath = new Map(files.map((file) => [file.path, file]));
	const reached = new Set<string>();
	const waiting: string[] = launchableItems(structure.items).flatMap(({ launch }) => {
		const page = names.find(launch.path);
		return page.found === 'missing' ? [] : [page.path];
	});
	const usedMentions = new Set<string>();
	for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
		if (reached.has(path)) continue;
		reached.add(path);
		const file = byPath.get(path);
		if (file?.text === null || file === undefined) continue;
		waiting.push(...referencedBy(file, names));
		for (const mention of file.text.mentions) {
			if (usedMentions.has(mention)) continue;
			usedMentions.add(mention);
			waiting.push(...names.meantBy(mention));
		}
	}
	return reached;
}

function referencedBy(file: FileFacts, names: FileNames): readonly string[] {
	return (file.text?.references ?? []).flatMap(({ address }) => {
		const meaning = meaningOf(address, file.path, file.text?.base ?? null);
		if (meaning.kind !== 'inside') return [];
		const { found, path } = names.find(meaning.path);
		// In a script the address may be meant from the page that loads it.
		return found === 'missing' ? names.meantBy(meaning.path.toLowerCase()) : [path];
	});
}
