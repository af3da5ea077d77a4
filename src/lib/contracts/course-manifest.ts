/** The course structure as it travels: inside the pack's first entry, and in the server's package table. */
import * as v from 'valibot';
import type { CourseItem, CourseStructure } from '#lib/domain/course/course-structure.ts';

const launchSchema = v.object({
	kind: v.picklist(['sco', 'asset']),
	path: v.string(),
	suffix: v.string(),
	dataFromLms: v.nullable(v.string()),
	masteryScore: v.nullable(v.number()),
	scaledPassingScore: v.nullable(v.number()),
	completionThreshold: v.nullable(v.number()),
	maxTimeAllowed: v.nullable(v.number()),
	timeLimitAction: v.nullable(
		v.picklist(['exit,message', 'exit,no message', 'continue,message', 'continue,no message'])
	),
	prerequisites: v.nullable(v.string()),
	objectiveIds: v.array(v.string()),
	hideLmsUi: v.array(v.string())
});

const itemSchema: v.GenericSchema<CourseItem> = v.object({
	id: v.string(),
	title: v.string(),
	visible: v.boolean(),
	launch: v.nullable(launchSchema),
	children: v.array(v.lazy(() => itemSchema))
});

export const courseStructureSchema: v.GenericSchema<CourseStructure> = v.object({
	scormVersion: v.picklist(['1.2', '2004']),
	schemaVersion: v.nullable(v.string()),
	title: v.string(),
	language: v.nullable(v.string()),
	organizationId: v.string(),
	items: v.array(itemSchema),
	sequencing: v.unknown(),
	objectivesGlobalToSystem: v.boolean()
});
