/** What kind of package is this listing, and where is its manifest? Says what it found instead when it is not one of ours. */
import { PackageRefusal, shorten } from './import-result.ts';
import type { WarningList } from './import-result.ts';

type Named = { readonly path: string; readonly size: number };

const MANIFEST = 'imsmanifest.xml';
/** Files that operating systems leave in archives; nobody's course needs them. */
const SYSTEM_FILE = /(?:^|\/)(?:__macosx\/.*|\.ds_store|thumbs\.db|desktop\.ini|\._[^/]*)$/i;

export function recogniseContents<E extends Named>(
	all: readonly E[],
	warnings: WarningList
): { readonly entries: readonly E[]; readonly manifest: E } {
	const entries = all.filter(({ path }) => !SYSTEM_FILE.test(path));
	for (const { path } of all) if (SYSTEM_FILE.test(path)) warnings.addExample('system-files-left-out', path);

	const atRoot = entries.filter(({ path }) => path.toLowerCase() === MANIFEST);
	if (atRoot.length > 1) throw new PackageRefusal('manifest-ambiguous');
	const manifest = atRoot[0];
	if (manifest === undefined) throw withoutManifest(entries);
	if (manifest.path !== MANIFEST) warnings.add('manifest-name-case', { name: manifest.path });
	return { entries, manifest };
}

function withoutManifest(entries: readonly Named[]): PackageRefusal {
	const names = entries.map(({ path }) => path.toLowerCase());
	const has = (pattern: RegExp) => names.some((name) => pattern.test(name));

	const nested = entries.filter(({ path }) => path.toLowerCase().endsWith(`/${MANIFEST}`));
	const highest = nested.sort((a, b) => a.path.split('/').length - b.path.split('/').length)[0];
	if (highest !== undefined) {
		const folder = highest.path.slice(0, -MANIFEST.length - 1);
		return new PackageRefusal('manifest-in-folder', { folder: shorten(folder) });
	}
	// AICC CMI001: a course is described by .crs, .au, .des and .cst files.
	if (has(/\.crs$/) || (has(/\.au$/) && has(/\.(?:des|cst)$/))) return new PackageRefusal('aicc-package');
	if (has(/(?:^|\/)cmi5\.xml$/)) return new PackageRefusal('cmi5-package');
	if (has(/(?:^|\/)tincan\.xml$/)) return new PackageRefusal('xapi-package');
	if (entries.length > 0 && names.every((name) => name.endsWith('.zip'))) return new PackageRefusal('zip-inside-zip');
	return new PackageRefusal('manifest-missing');
}
