/**
 * Which SCORM is it? `schemaversion` says so ("1.2", "CAM 1.3", "2004 3rd Edition"); when it is missing or means something else, the
 * namespaces tell. Content packages that use nothing of SCORM are played as plain assets.
 */
import type { ScormVersion } from '#lib/domain/course/course-structure.ts';
import type { WarningList } from '../import-result.ts';
import { childOf, textOf } from './xml-tree.ts';
import type { XmlDocument } from './xml-tree.ts';

export type DetectedVersion = {
	readonly scormVersion: ScormVersion;
	readonly schemaVersion: string | null;
	/** False for an IMS content package without SCORM. */
	readonly isScorm: boolean;
};

export function detectVersion({ root, namespaces }: XmlDocument, warnings: WarningList): DetectedVersion {
	const metadata = childOf(root, 'metadata');
	const schemaVersion = textOf(childOf(metadata, 'schemaversion'));
	const schema = textOf(childOf(metadata, 'schema')) ?? '';
	const byNamespace = versionOfNamespaces(namespaces);
	const byText = schemaVersion === null ? null : versionOfText(schemaVersion);

	if (byText !== null) {
		// "1.2" is also a version of IMS content packaging, so it takes ADL's schema name or namespace to make it SCORM.
		const isScorm = byNamespace !== null || /adl|scorm/i.test(schema) || byText === '2004';
		if (isScorm) {
			if (byNamespace !== null && byNamespace !== byText) {
				warnings.add('schema-version-conflict', { version: byText, namespace: byNamespace });
			}
			return { scormVersion: byText, schemaVersion, isScorm };
		}
	}
	if (byNamespace !== null || /adl|scorm/i.test(schema)) {
		if (schemaVersion === null) warnings.add('schema-version-missing', { version: byNamespace ?? '1.2' });
		else warnings.add('schema-version-unknown', { version: schemaVersion });
		return { scormVersion: byNamespace ?? '1.2', schemaVersion, isScorm: true };
	}
	warnings.add('not-scorm', {});
	return { scormVersion: '1.2', schemaVersion, isScorm: false };
}

function versionOfText(text: string): ScormVersion | null {
	if (/2004|\b1\.3\b/.test(text)) return '2004';
	return /^\s*(?:scorm\s*)?1\.[012]\b/i.test(text) ? '1.2' : null;
}

function versionOfNamespaces(namespaces: ReadonlySet<string>): ScormVersion | null {
	const all = [...namespaces].map((uri) => uri.toLowerCase());
	const has = (part: string) => all.some((uri) => uri.includes(part));
	if (has('adlcp_v1p3') || has('adlseq_v1p3') || has('adlnav_v1p3') || has('imsglobal.org/xsd/imsss')) return '2004';
	// An undeclared "adlcp:" prefix ends up here as its own namespace.
	return has('adlcp') ? '1.2' : null;
}
