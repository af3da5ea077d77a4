/**
 * imsmanifest.xml to a course (SCORM 1.2 CAM 2.3; SCORM 2004 CAM 3.4, 2nd to 4th Edition). Accepts what can be played and says what was
 * odd; refuses what is hostile (DOCTYPE, addresses outside the package) or leaves nothing to play.
 */
import type { CourseItem, CourseStructure, ItemLaunch, TimeLimitAction } from '#lib/domain/course/course-structure.ts';
import { launchableItems } from '#lib/domain/course/course-structure.ts';
import { parseDuration, parseTimespan } from '#lib/domain/scorm/scorm-time.ts';
import { DEFAULT_ARCHIVE_LIMITS } from '../archive-limits.ts';
import type { ArchiveLimits } from '../archive-limits.ts';
import { PackageRefusal, WarningList, megabytes, refusedOrThrow, shorten } from '../import-result.ts';
import type { ImportWarning, Refused } from '../import-result.ts';
import { decodeXml } from './decode-xml.ts';
import { addParameters, indexFiles, refuseHref, resolveHref } from './href.ts';
import type { FileIndex } from './href.ts';
import { ANONYMOUS_OBJECTIVE, booleanOf, numberOf, parseSequencing } from './parse-sequencing.ts';
import { detectVersion } from './scorm-version.ts';
import type { DetectedVersion } from './scorm-version.ts';
import type { ActivityNode, ActivitySequencing, CompletionThreshold, SharedDataMap } from './sequencing-settings.ts';
import { attributeOf, childOf, childrenOf, parseXml, textOf, xmlAttributeOf } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';

export type ParsedManifest =
	| { readonly type: 'accepted'; readonly structure: CourseStructure; readonly warnings: readonly ImportWarning[] }
	| Refused;

type ManifestLimits = Pick<ArchiveLimits, 'manifestBytes' | 'manifestElements' | 'manifestDepth'>;

/** `files` are the paths in the archive, as openArchive lists them. */
export function parseManifest(
	source: Buffer | string,
	files: Iterable<string>,
	limits: ManifestLimits = DEFAULT_ARCHIVE_LIMITS
): ParsedManifest {
	const warnings = new WarningList();
	try {
		if (source.length > limits.manifestBytes) {
			throw new PackageRefusal('manifest-too-large', {
				megabytes: megabytes(source.length),
				limit: megabytes(limits.manifestBytes)
			});
		}
		const text = typeof source === 'string' ? source.replace(/^\ufeff/, '').trimStart() : decodeXml(source, warnings);
		const document = parseXml(text, limits, warnings);
		if (document.root.name !== 'manifest') {
			throw new PackageRefusal('manifest-not-scorm', { element: shorten(document.root.name) });
		}
		const version = detectVersion(document, warnings);
		const structure = readCourse(document.root, version, indexFiles(files), warnings);
		return { type: 'accepted', structure, warnings: warnings.list() };
	} catch (error) {
		return refusedOrThrow(error);
	}
}

type Resource = {
	readonly id: string;
	readonly href: string | null;
	readonly bases: readonly (string | null)[];
	readonly scormType: string | null;
	readonly isWeb: boolean;
};

type Reading = {
	readonly version: DetectedVersion;
	readonly files: FileIndex;
	readonly warnings: WarningList;
	readonly resources: ReadonlyMap<string, Resource>;
	readonly collections: ReadonlyMap<string, XmlElement>;
	readonly usedIds: Set<string>;
};

/** An item with the activity it becomes in SCORM 2004; null when nothing in it can be delivered. */
type ReadItem = { readonly item: CourseItem; readonly activity: ActivityNode | null };

function readCourse(
	root: XmlElement,
	version: DetectedVersion,
	files: FileIndex,
	warnings: WarningList
): CourseStructure {
	const manifests = manifestsOf(root);
	if (manifests.length > 1) warnings.add('sub-manifests', { number: manifests.length - 1 });
	const reading: Reading = {
		version,
		files,
		warnings,
		resources: readResources(root, files, warnings),
		collections: readCollections(manifests),
		usedIds: new Set()
	};
	const organization = chooseOrganization(root, warnings);
	const organizationId = claimId(
		organization === null ? null : attributeOf(organization, 'identifier'),
		reading,
		'organization'
	);
	const read =
		organization === null
			? itemsFromResources(reading)
			: childrenOf(organization, 'item').map((item) => readItem(item, reading));
	const items = read.map(({ item }) => item);
	refuseUnplayable(items, reading);

	const title = titleOfCourse(root, organization, items, warnings);
	const activities = read.flatMap(({ activity }) => (activity === null ? [] : [activity]));
	const isSequenced = version.scormVersion === '2004';
	return {
		scormVersion: version.scormVersion,
		schemaVersion: version.schemaVersion,
		title,
		language: languageOf(root, organization),
		organizationId,
		items,
		sequencing: isSequenced
			? { activityTree: rootActivity(organization, organizationId, title, activities, reading) }
			: null,
		objectivesGlobalToSystem: booleanOf(organization, 'objectivesGlobalToSystem', true)
	};
}

function manifestsOf(root: XmlElement): readonly XmlElement[] {
	return [root, ...childrenOf(root, 'manifest').flatMap(manifestsOf)];
}

function readResources(root: XmlElement, files: FileIndex, warnings: WarningList): ReadonlyMap<string, Resource> {
	const resources = new Map<string, Resource>();
	const listed = new Set<string>();
	const visit = (manifest: XmlElement, outer: readonly (string | null)[]) => {
		const manifestBases = [...outer, xmlAttributeOf(manifest, 'base')];
		for (const group of childrenOf(manifest, 'resources')) {
			const groupBases = [...manifestBases, xmlAttributeOf(group, 'base')];
			for (const element of childrenOf(group, 'resource')) {
				const bases = [...groupBases, xmlAttributeOf(element, 'base')];
				const id = attributeOf(element, 'identifier')?.trim() ?? '';
				const href = attributeOf(element, 'href')?.trim() ?? '';
				const hrefs = childrenOf(element, 'file').map((file) => attributeOf(file, 'href')?.trim() ?? '');
				checkFiles(bases, href === '' ? hrefs : [href, ...hrefs], files, listed, warnings);
				if (resources.has(id)) {
					warnings.addExample('identifiers-repeated', id);
					continue;
				}
				resources.set(id, {
					id,
					href: href === '' ? null : href,
					bases,
					scormType: attributeOf(element, 'scormtype')?.trim().toLowerCase() ?? null,
					isWeb: /\.x?html?(?:$|[?#])/i.test(href)
				});
			}
		}
		for (const inner of childrenOf(manifest, 'manifest')) visit(inner, manifestBases);
	};
	visit(root, []);
	const described = /(?:^|\/)(?:imsmanifest\.xml|[^/]+\.(?:xsd|dtd))$/i;
	for (const path of files.exact) {
		if (!listed.has(path) && !described.test(path)) warnings.addExample('files-not-listed', path);
	}
	return resources;
}

/** Only tells: a listed file is fetched when a page asks for it, so a wrong listing stops nobody. Launch pages are checked per item. */
function checkFiles(
	bases: readonly (string | null)[],
	hrefs: readonly string[],
	files: FileIndex,
	listed: Set<string>,
	warnings: WarningList
): void {
	for (const href of new Set(hrefs)) {
		if (href === '') continue;
		const target = resolveHref(bases, href, files);
		if (target.type === 'file') listed.add(target.path);
		else if (target.type === 'missing') warnings.addExample('files-missing', href);
		else warnings.addExample('external-files', href);
	}
}

function readCollections(manifests: readonly XmlElement[]): ReadonlyMap<string, XmlElement> {
	const members = manifests
		.flatMap((manifest) => childrenOf(manifest, 'sequencingCollection'))
		.flatMap((collection) => childrenOf(collection, 'sequencing'));
	return new Map(members.map((member) => [attributeOf(member, 'ID')?.trim() ?? '', member] as const));
}

function chooseOrganization(root: XmlElement, warnings: WarningList): XmlElement | null {
	const group = childOf(root, 'organizations');
	const organizations = childrenOf(group, 'organization').filter((one) => childrenOf(one, 'item').length > 0);
	const first = organizations[0];
	if (first === undefined) {
		warnings.add('no-organization');
		return null;
	}
	const wanted = attributeOf(group, 'default')?.trim() ?? '';
	const chosen = organizations.find((one) => attributeOf(one, 'identifier')?.trim() === wanted);
	if (chosen === undefined && wanted !== '') warnings.add('default-organization-missing', { name: shorten(wanted) });
	if (organizations.length > 1) warnings.add('several-organizations', { number: organizations.length });
	return chosen ?? first;
}

/** No organization: every SCO is an item, or, without SCOs, every web page that is a resource of its own. */
function itemsFromResources(reading: Reading): readonly ReadItem[] {
	const all = [...reading.resources.values()].filter(({ href }) => href !== null);
	const scos = all.filter(({ scormType }) => scormType === 'sco');
	const pages = all.filter(({ isWeb }) => isWeb);
	return (scos.length > 0 ? scos : pages.length > 0 ? pages : all).map((resource) => {
		const launch = readLaunch(resource, null, null, reading);
		const id = claimId(resource.id, reading, 'item');
		const title = readableName(launch?.path ?? resource.id);
		const item: CourseItem = { id, title, visible: true, launch, children: [] };
		const activity = { id, title, isVisible: true, ...parseSequencing(null, reading.collections, reading.warnings) };
		return { item, activity: launch === null ? null : activity };
	});
}

function readItem(element: XmlElement, reading: Reading): ReadItem {
	const { warnings, version, collections } = reading;
	const id = claimId(attributeOf(element, 'identifier'), reading, 'item');
	const children = childrenOf(element, 'item').map((child) => readItem(child, reading));
	const sequencing =
		version.scormVersion === '2004' ? parseSequencing(childOf(element, 'sequencing'), collections, warnings) : null;

	const reference = attributeOf(element, 'identifierref')?.trim() ?? '';
	const resource = reading.resources.get(reference);
	if (reference !== '' && resource === undefined) warnings.addExample('resource-missing', reference);
	// SCORM 2004: only leaves are delivered; the engine would never start this one.
	const isCluster = children.length > 0 && sequencing !== null;
	if (isCluster && resource !== undefined) warnings.addExample('cluster-with-resource', id);
	const launch = resource === undefined || isCluster ? null : readLaunch(resource, element, sequencing, reading);

	const written = textOf(childOf(element, 'title'));
	const title = written ?? readableName(launch?.path ?? id);
	if (written === null) warnings.addExample('titles-missing', title);
	const visible = booleanOf(element, 'isvisible', true);
	const item: CourseItem = { id, title, visible, launch, children: children.map((child) => child.item) };

	const inner = children.flatMap(({ activity }) => (activity === null ? [] : [activity]));
	if (sequencing === null || (launch === null && inner.length === 0)) return { item, activity: null };
	return { item, activity: activityOf(element, item, sequencing, inner, launch, warnings) };
}

function activityOf(
	element: XmlElement,
	{ id, title, visible }: CourseItem,
	sequencing: ActivitySequencing,
	children: readonly ActivityNode[],
	launch: ItemLaunch | null,
	warnings: WarningList
): ActivityNode {
	const threshold = completionThresholdOf(element, warnings);
	const maps = sharedDataMapsOf(element);
	const hideLmsUi = hideLmsUiOf(element);
	return {
		id,
		title,
		isVisible: visible,
		...sequencing,
		...(launch?.timeLimitAction ? { timeLimitAction: launch.timeLimitAction } : {}),
		...(threshold === null ? {} : { completionThreshold: threshold }),
		...(hideLmsUi.length === 0 ? {} : { hideLmsUi }),
		...(maps.length === 0 ? {} : { sharedDataMaps: maps }),
		...(children.length === 0 ? {} : { children })
	};
}

function rootActivity(
	organization: XmlElement | null,
	id: string,
	title: string,
	children: readonly ActivityNode[],
	{ collections, warnings }: Reading
): ActivityNode {
	const sequencing = parseSequencing(childOf(organization, 'sequencing'), collections, warnings);
	const threshold = organization === null ? null : completionThresholdOf(organization, warnings);
	return {
		id,
		title,
		isVisible: true,
		...sequencing,
		...(threshold === null ? {} : { completionThreshold: threshold }),
		children
	};
}

/** null, with a warning, when the file is not there. Throws for an address that leads out of the package. */
function readLaunch(
	resource: Resource,
	item: XmlElement | null,
	sequencing: ActivitySequencing | null,
	{ files, warnings, version }: Reading
): ItemLaunch | null {
	if (resource.href === null) {
		warnings.addExample('resource-missing', resource.id);
		return null;
	}
	const target = resolveHref(resource.bases, resource.href, files);
	refuseHref(target, resource.href);
	if (target.type === 'missing') {
		warnings.addExample('launch-file-missing', resource.href);
		return null;
	}
	for (const oddity of target.oddities) warnings.addExample(oddity, resource.href);
	if (resource.scormType === null && version.isScorm) warnings.addExample('scorm-type-missing', resource.id);
	// An asset that reports anyway would find no API; a SCO that never reports does no harm.
	const isSco = resource.scormType === null ? version.isScorm : resource.scormType === 'sco';
	const is2004 = version.scormVersion === '2004';
	const primary = sequencing?.primaryObjective;
	const objectives = [...(primary === undefined ? [] : [primary]), ...(sequencing?.objectives ?? [])];
	return {
		kind: isSco ? 'sco' : 'asset',
		path: target.path,
		suffix: addParameters(target.suffix, item === null ? null : attributeOf(item, 'parameters')),
		dataFromLms: rawTextOf(childOf(item, 'datafromlms')),
		masteryScore: is2004 ? null : masteryScoreOf(item, warnings),
		// SCORM 2004 RTE 4.2.19: only when satisfied by measure, and then 1.0 when no measure is given.
		scaledPassingScore: primary?.satisfiedByMeasure === true ? primary.minNormalizedMeasure : null,
		completionThreshold: is2004 ? thresholdForRunTime(item) : null,
		maxTimeAllowed: maxTimeOf(item, sequencing, warnings),
		timeLimitAction: timeLimitActionOf(item, warnings),
		prerequisites: is2004 ? null : textOf(childOf(item, 'prerequisites')),
		objectiveIds: objectives.map(({ objectiveID }) => objectiveID).filter((id) => id !== ANONYMOUS_OBJECTIVE),
		hideLmsUi: item === null ? [] : hideLmsUiOf(item)
	};
}

function masteryScoreOf(item: XmlElement | null, warnings: WarningList): number | null {
	const written = textOf(childOf(item, 'masteryscore'));
	if (written === null) return null;
	const score = numberOf(written.replace(/\s*%$/, '').replace(',', '.'), { least: 0, most: 100 });
	if (score === null) warnings.addExample('mastery-score-invalid', written);
	return score;
}

/** 1.2: adlcp:maxtimeallowed. 2004: imsss:limitConditions attemptAbsoluteDurationLimit (RTE 4.2.13). */
function maxTimeOf(
	item: XmlElement | null,
	sequencing: ActivitySequencing | null,
	warnings: WarningList
): number | null {
	if (sequencing?.attemptAbsoluteDurationLimit !== undefined)
		return parseDuration(sequencing.attemptAbsoluteDurationLimit);
	const written = textOf(childOf(item, 'maxtimeallowed'));
	if (written === null) return null;
	const seconds = parseTimespan(written) ?? parseDuration(written);
	if (seconds === null) warnings.addExample('time-limit-invalid', written);
	return seconds === 0 ? null : seconds;
}

const TIME_LIMIT_ACTIONS = [
	'exit,message',
	'exit,no message',
	'continue,message',
	'continue,no message'
] as const satisfies readonly TimeLimitAction[];

function timeLimitActionOf(item: XmlElement | null, warnings: WarningList): TimeLimitAction | null {
	const written = textOf(childOf(item, 'timelimitaction'));
	if (written === null) return null;
	const squeezed = written.toLowerCase().replace(/\s*,\s*/g, ',');
	const action = TIME_LIMIT_ACTIONS.find((one) => one === squeezed) ?? null;
	if (action === null) warnings.addExample('time-limit-action-invalid', written);
	return action;
}

/** 4th Edition: attributes. 2nd and 3rd: the element's text is the measure, and having one means it decides. */
function completionThresholdOf(item: XmlElement, warnings: WarningList): CompletionThreshold | null {
	const element = childOf(item, 'completionThreshold');
	if (element === null) return null;
	const written = textOf(element);
	const read = (text: string | null) => {
		const measure = numberOf(text, { least: 0, most: 1 });
		if (text !== null && measure === null) warnings.addExample('completion-threshold-invalid', text);
		return measure;
	};
	if (written !== null) {
		const measure = read(written);
		return measure === null ? null : { completedByMeasure: true, minProgressMeasure: measure, progressWeight: 1 };
	}
	return {
		completedByMeasure: booleanOf(element, 'completedByMeasure', false),
		minProgressMeasure: read(attributeOf(element, 'minProgressMeasure')) ?? 1,
		progressWeight: read(attributeOf(element, 'progressWeight')) ?? 1
	};
}

/** cmi.completion_threshold exists only where the measure decides (RTE 4.2.5). The activity told of odd values already. */
function thresholdForRunTime(item: XmlElement | null): number | null {
	const threshold = item === null ? null : completionThresholdOf(item, new WarningList());
	return threshold?.completedByMeasure === true ? threshold.minProgressMeasure : null;
}

const HIDEABLE = ['continue', 'previous', 'exit', 'exitAll', 'abandon', 'abandonAll', 'suspendAll'] as const;

function hideLmsUiOf(item: XmlElement): readonly string[] {
	const written = childrenOf(item, 'presentation')
		.flatMap((presentation) => childrenOf(presentation, 'navigationInterface'))
		.flatMap((face) => childrenOf(face, 'hideLMSUI'))
		.map((element) => textOf(element)?.toLowerCase());
	return HIDEABLE.filter((control) => written.includes(control.toLowerCase()));
}

/** adlcp:data (4th Edition CAM): both ways are open unless said otherwise. */
function sharedDataMapsOf(item: XmlElement): readonly SharedDataMap[] {
	return childrenOf(childOf(item, 'data'), 'map').flatMap((map) => {
		const targetID = attributeOf(map, 'targetID')?.trim() ?? '';
		if (targetID === '') return [];
		return [
			{
				targetID,
				readSharedData: booleanOf(map, 'readSharedData', true),
				writeSharedData: booleanOf(map, 'writeSharedData', true)
			}
		];
	});
}

function refuseUnplayable(items: readonly CourseItem[], { resources, warnings }: Reading): void {
	if (launchableItems(items).length > 0) return;
	const isMissing = warnings.list().some(({ code }) => code === 'launch-file-missing');
	if (!isMissing || resources.size === 0) throw new PackageRefusal('nothing-to-launch');
	const example = warnings.list().find(({ code }) => code === 'launch-file-missing')?.detail.examples ?? '';
	throw new PackageRefusal('launch-files-missing', { name: example });
}

/** Ids become keys of attempts and activities, so each is given once. */
function claimId(written: string | null, { usedIds, warnings }: Reading, kind: 'item' | 'organization'): string {
	const wanted = written?.trim() ?? '';
	if (wanted === '' && kind === 'item') warnings.addExample('identifiers-missing', kind);
	if (wanted !== '' && usedIds.has(wanted)) warnings.addExample('identifiers-repeated', wanted);
	const base = wanted === '' ? kind : wanted;
	let id = wanted === '' && kind === 'item' ? `${base}-1` : base;
	for (let number = 2; usedIds.has(id); number += 1) id = `${base}-${number}`;
	usedIds.add(id);
	return id;
}

function titleOfCourse(
	root: XmlElement,
	organization: XmlElement | null,
	items: readonly CourseItem[],
	warnings: WarningList
): string {
	const written = textOf(childOf(organization, 'title')) ?? metadataTitle(root);
	if (written !== null) return written;
	const title = (items.length === 1 ? items[0]?.title : null) ?? readableName(attributeOf(root, 'identifier') ?? '');
	warnings.addExample('titles-missing', title);
	return title;
}

/** LOM general/title, as IMS MD 1.2 (langstring) and IEEE LOM (string) write it. */
function metadataTitle(root: XmlElement): string | null {
	const title = childOf(generalOf(root), 'title');
	return textOf(childOf(title, 'langstring')) ?? textOf(childOf(title, 'string')) ?? textOf(title);
}

function languageOf(root: XmlElement, organization: XmlElement | null): string | null {
	const candidates = [
		xmlAttributeOf(organization, 'lang'),
		xmlAttributeOf(childOf(organization, 'title'), 'lang'),
		xmlAttributeOf(root, 'lang'),
		textOf(childOf(generalOf(root), 'language'))
	];
	for (const candidate of candidates) {
		const tag = candidate?.trim().replaceAll('_', '-') ?? '';
		// "x-none" and "und" are how LOM says that it does not know.
		if (/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(tag) && !/^(?:und|zxx|x)\b/i.test(tag)) {
			const canonical = canonicalLanguage(tag);
			if (canonical !== null) return canonical;
		}
	}
	return null;
}

function canonicalLanguage(tag: string): string | null {
	try {
		return Intl.getCanonicalLocales(tag)[0] ?? null;
	} catch {
		return null;
	}
}

function generalOf(root: XmlElement): XmlElement | null {
	return childOf(childOf(childOf(root, 'metadata'), 'lom'), 'general');
}

/** Launch data as written, without the line breaks that pretty-printers put around it. */
function rawTextOf(element: XmlElement | null): string | null {
	const text = element?.text.trim() ?? '';
	return text === '' ? null : text;
}

/** "unit-1/Intro_to_maps.html" reads "Intro to maps". */
function readableName(pathOrId: string): string {
	const file = pathOrId.split('/').at(-1) ?? pathOrId;
	const words = file
		.replace(/\.[a-z0-9]{1,5}$/i, '')
		.replace(/[-_.+\s]+/g, ' ')
		.trim();
	return shorten(words === '' ? pathOrId : words) || '–';
}
