/**
 * What a course is made of, as the player and the rules need it: the tree of one SCORM organization, flattened
 * references resolved, and for SCORM 2004 the activity tree that the sequencing engine reads.
 * Made by the importer from imsmanifest.xml (SCORM 1.2 CAM; SCORM 2004 CAM 2nd to 4th Edition, section 3).
 */

export type ScormVersion = '1.2' | '2004';

export type CourseStructure = {
	readonly scormVersion: ScormVersion;
	/** `schemaversion` as written, such as "1.2", "CAM 1.3", "2004 3rd Edition"; null when the manifest has none. */
	readonly schemaVersion: string | null;
	readonly title: string;
	/** BCP 47, when the manifest says so. */
	readonly language: string | null;
	readonly organizationId: string;
	readonly items: readonly CourseItem[];
	/** scorm-again `SequencingSettings` as JSON (activityTree, collections); null for SCORM 1.2. */
	readonly sequencing: unknown;
	/** adlseq:objectivesGlobalToSystem; true when absent (SCORM 2004 SN 4.2.1). */
	readonly objectivesGlobalToSystem: boolean;
};

export type CourseItem = {
	/** Unique in the course: the item's `identifier`. */
	readonly id: string;
	readonly title: string;
	readonly visible: boolean;
	/** null for a cluster (an item that only holds others). */
	readonly launch: ItemLaunch | null;
	readonly children: readonly CourseItem[];
};

export type ItemLaunch = {
	readonly kind: 'sco' | 'asset';
	/** Path of the file inside the package: no leading slash, decoded, forward slashes. */
	readonly path: string;
	/** Query and fragment to append, from href and `parameters`, such as "?lang=en#p2"; may be empty. */
	readonly suffix: string;
	/** cmi.launch_data */
	readonly dataFromLms: string | null;
	/** SCORM 1.2 adlcp:masteryscore, 0 to 100. */
	readonly masteryScore: number | null;
	/** 2004: cmi.scaled_passing_score, -1 to 1 (from the primary objective's minNormalizedMeasure). */
	readonly scaledPassingScore: number | null;
	/** 2004: cmi.completion_threshold, 0 to 1 (adlcp:completionThreshold). */
	readonly completionThreshold: number | null;
	/** Seconds (1.2 CMITimespan or 2004 duration, as the manifest had it, parsed). */
	readonly maxTimeAllowed: number | null;
	readonly timeLimitAction: TimeLimitAction | null;
	/** SCORM 1.2 adlcp:prerequisites (AICC script), as written. */
	readonly prerequisites: string | null;
	/** 2004: ids to pre-seed into cmi.objectives.n.id, primary first. */
	readonly objectiveIds: readonly string[];
	/** 2004 adlnav:hideLMSUI. */
	readonly hideLmsUi: readonly string[];
};

export type TimeLimitAction = 'exit,message' | 'exit,no message' | 'continue,message' | 'continue,no message';

/** Every item that can be launched, in reading order. */
export function launchableItems(
	items: readonly CourseItem[]
): readonly (CourseItem & { readonly launch: ItemLaunch })[] {
	return items.flatMap((item) => [
		...(item.launch === null ? [] : [{ ...item, launch: item.launch }]),
		...launchableItems(item.children)
	]);
}
