/**
 * The manifest as a plain tree. No DOCTYPE, no entities of its own, bounded depth and number. Names compare in lower case and by family of
 * namespace rather than by exact URI, since packages are careless with both ("scormtype" / "scormType", prefixes never declared).
 */
import { SaxesParser } from 'saxes';
import type { ArchiveLimits } from '../archive-limits.ts';
import { PackageRefusal, shorten } from '../import-result.ts';
import type { WarningList } from '../import-result.ts';

/** '' is no namespace; 'other' is one we do not read. */
export type Family = '' | 'cp' | 'adlcp' | 'adlseq' | 'adlnav' | 'imsss' | 'md' | 'xml' | 'other';

export type XmlElement = {
	readonly family: Family;
	/** Local name in lower case. */
	readonly name: string;
	readonly attributes: readonly { readonly family: Family; readonly name: string; readonly value: string }[];
	readonly children: XmlElement[];
	/** The element's own character data, untrimmed. */
	text: string;
};

export type XmlDocument = { readonly root: XmlElement; readonly namespaces: ReadonlySet<string> };

type TreeLimits = Pick<ArchiveLimits, 'manifestElements' | 'manifestDepth'>;

export function parseXml(text: string, limits: TreeLimits, warnings: WarningList): XmlDocument {
	const namespaces = new Set<string>();
	const open: XmlElement[] = [];
	let root: XmlElement | null = null;
	let count = 0;

	const parser = new SaxesParser({ xmlns: true, position: true });
	parser.on('doctype', () => {
		throw new PackageRefusal('manifest-doctype');
	});
	parser.on('error', (error) => {
		if (error.message.includes('unbound namespace prefix')) {
			warnings.add('manifest-undeclared-prefixes');
		} else if (error.message.includes('undefined entity')) {
			// Only the five of XML exist without a DOCTYPE; "&nbsp;" in a title stays as written.
			warnings.add('manifest-unknown-entities');
		} else {
			throw new PackageRefusal('manifest-not-xml', { line: parser.line, problem: shorten(error.message) });
		}
	});
	parser.on('opentag', (tag) => {
		count += 1;
		if (count > limits.manifestElements || open.length >= limits.manifestDepth) {
			throw new PackageRefusal('manifest-too-complex');
		}
		namespaces.add(tag.uri);
		const attributes = Object.values(tag.attributes).map(({ uri, local, value }) => {
			namespaces.add(uri);
			return { family: familyOf(uri), name: local.toLowerCase(), value };
		});
		const element: XmlElement = {
			family: familyOf(tag.uri),
			name: tag.local.toLowerCase(),
			attributes,
			children: [],
			text: ''
		};
		open.at(-1)?.children.push(element);
		root ??= element;
		open.push(element);
	});
	parser.on('closetag', () => {
		open.pop();
	});
	const addText = (part: string) => {
		const element = open.at(-1);
		if (element !== undefined) element.text += part;
	};
	parser.on('text', addText);
	parser.on('cdata', addText);
	parser.write(text).close();

	if (root === null) throw new PackageRefusal('manifest-not-xml', { line: 1, problem: '' });
	return { root, namespaces };
}

function familyOf(uri: string): Family {
	const lower = uri.toLowerCase();
	if (lower === '') return '';
	// xml:, xmlns: and xsi:, the last also when its prefix was never declared.
	if (lower.includes('www.w3.org/') || lower === 'xsi') return 'xml';
	if (lower.includes('imsss')) return 'imsss';
	if (lower.includes('adlcp')) return 'adlcp';
	if (lower.includes('adlseq')) return 'adlseq';
	if (lower.includes('adlnav')) return 'adlnav';
	if (lower.includes('imscp') || lower.includes('imsccv')) return 'cp';
	if (lower.includes('imsmd') || lower.includes('ieee.org/xsd/lom') || lower.endsWith('/lom')) return 'md';
	return 'other';
}

export function childrenOf(element: XmlElement | null, name: string, family?: Family): readonly XmlElement[] {
	return (element?.children ?? []).filter(
		(child) => child.name === name.toLowerCase() && (family === undefined || child.family === family)
	);
}

export function childOf(element: XmlElement | null, name: string, family?: Family): XmlElement | null {
	return childrenOf(element, name, family)[0] ?? null;
}

/** The attribute without a prefix first, else with any, except those that only describe the XML (xsi:, xml:). */
export function attributeOf(element: XmlElement | null, name: string): string | null {
	const named = (element?.attributes ?? []).filter((attribute) => attribute.name === name.toLowerCase());
	const plain = named.find(({ family }) => family === '');
	return (plain ?? named.find(({ family }) => family !== 'xml'))?.value ?? null;
}

export function xmlAttributeOf(element: XmlElement | null, name: 'base' | 'lang'): string | null {
	return element?.attributes.find((attribute) => attribute.family === 'xml' && attribute.name === name)?.value ?? null;
}

/** Text on one line, or null when there is none. */
export function textOf(element: XmlElement | null): string | null {
	const text = element?.text.replace(/\s+/g, ' ').trim() ?? '';
	return text === '' ? null : text;
}
