/**
 * imsmanifest.xml for a course of one SCO.
 * 1.2: ADL CAM 1.2 (IMS CP 1.1.2, adlcp_rootv1p2), mastery score on the item.
 * 2004: 4th Edition CAM; the primary objective is satisfied by measure, completion is judged by progress.
 */
import type { LessonData } from '#lesson/lesson-data.ts';
import type { Edition } from '#lib/domain/authoring/course-source.ts';

export type ManifestCourse = {
	readonly code: string;
	readonly edition: number;
	readonly mediaEdition: Edition;
	readonly language: string;
	readonly title: string;
	readonly description: string;
	readonly hours: number;
	readonly passMark: number;
	readonly objectiveIds: readonly string[];
	/** All files of the package, the launch page first. */
	readonly files: readonly string[];
};

export function manifestXml(scorm: LessonData['scorm'], course: ManifestCourse): string {
	return scorm === '1.2' ? manifest12(course) : manifest2004(course);
}

function manifest12(course: ManifestCourse): string {
	const id = identifierOf(course);
	return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="${id}" version="${course.edition}" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2" xmlns:imsmd="http://www.imsglobal.org/xsd/imsmd_rootv1p2p1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd http://www.imsglobal.org/xsd/imsmd_rootv1p2p1 imsmd_rootv1p2p1.xsd http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd">
	<metadata>
		<schema>ADL SCORM</schema>
		<schemaversion>1.2</schemaversion>
		<imsmd:lom>
			<imsmd:general>
				<imsmd:title><imsmd:langstring xml:lang="${course.language}">${xml(course.title)}</imsmd:langstring></imsmd:title>
				<imsmd:language>${course.language}</imsmd:language>
				<imsmd:description><imsmd:langstring xml:lang="${course.language}">${xml(course.description)}</imsmd:langstring></imsmd:description>
			</imsmd:general>
			<imsmd:educational>
				<imsmd:typicallearningtime><imsmd:datetime>${typicalTime(course.hours)}</imsmd:datetime></imsmd:typicallearningtime>
			</imsmd:educational>
		</imsmd:lom>
	</metadata>
	<organizations default="${id}-org">
		<organization identifier="${id}-org">
			<title>${xml(course.title)}</title>
			<item identifier="${id}-item" identifierref="${id}-sco" isvisible="true">
				<title>${xml(course.title)}</title>
				<adlcp:masteryscore>${course.passMark}</adlcp:masteryscore>
			</item>
		</organization>
	</organizations>
	<resources>
		<resource identifier="${id}-sco" type="webcontent" adlcp:scormtype="sco" href="${course.files[0]}">
${course.files.map((file) => `\t\t\t<file href="${encodeURI(file)}"/>`).join('\n')}
		</resource>
	</resources>
</manifest>
`;
}

function manifest2004(course: ManifestCourse): string {
	const id = identifierOf(course);
	return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="${id}" version="${course.edition}" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3" xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss" xmlns:lom="http://ltsc.ieee.org/xsd/LOM" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.imsglobal.org/xsd/imscp_v1p1 imscp_v1p1.xsd http://www.adlnet.org/xsd/adlcp_v1p3 adlcp_v1p3.xsd http://www.adlnet.org/xsd/adlseq_v1p3 adlseq_v1p3.xsd http://www.adlnet.org/xsd/adlnav_v1p3 adlnav_v1p3.xsd http://www.imsglobal.org/xsd/imsss imsss_v1p0.xsd http://ltsc.ieee.org/xsd/LOM lom.xsd">
	<metadata>
		<schema>ADL SCORM</schema>
		<schemaversion>2004 4th Edition</schemaversion>
		<lom:lom>
			<lom:general>
				<lom:title><lom:string language="${course.language}">${xml(course.title)}</lom:string></lom:title>
				<lom:language>${course.language}</lom:language>
				<lom:description><lom:string language="${course.language}">${xml(course.description)}</lom:string></lom:description>
			</lom:general>
			<lom:educational>
				<lom:typicalLearningTime><lom:duration>${isoDuration(course.hours)}</lom:duration></lom:typicalLearningTime>
			</lom:educational>
		</lom:lom>
	</metadata>
	<organizations default="${id}-org">
		<organization identifier="${id}-org">
			<title>${xml(course.title)}</title>
			<item identifier="${id}-item" identifierref="${id}-sco">
				<title>${xml(course.title)}</title>
				<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="1.0"/>
				<imsss:sequencing>
					<imsss:objectives>
						<imsss:primaryObjective objectiveID="${id}-passed" satisfiedByMeasure="true">
							<imsss:minNormalizedMeasure>${course.passMark / 100}</imsss:minNormalizedMeasure>
						</imsss:primaryObjective>
${course.objectiveIds.map((objective) => `\t\t\t\t\t\t<imsss:objective objectiveID="${objective}"/>`).join('\n')}
					</imsss:objectives>
					<imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/>
				</imsss:sequencing>
			</item>
			<imsss:sequencing>
				<imsss:controlMode choice="true" flow="true"/>
			</imsss:sequencing>
		</organization>
	</organizations>
	<resources>
		<resource identifier="${id}-sco" type="webcontent" adlcp:scormType="sco" href="${course.files[0]}">
${course.files.map((file) => `\t\t\t<file href="${encodeURI(file)}"/>`).join('\n')}
		</resource>
	</resources>
</manifest>
`;
}

/** The same course in two languages, or in two media editions, is two packages: their identifiers differ. */
function identifierOf(course: ManifestCourse): string {
	const media = course.mediaEdition === 'standard' ? '' : `-${course.mediaEdition}`;
	return `waypost-${course.code.toLowerCase()}-${course.language.toLowerCase()}-e${course.edition}${media}`;
}

/** LOM in SCORM 1.2: HH:MM:SS.SS */
function typicalTime(hours: number): string {
	const minutes = Math.round(hours * 60);
	return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:00.00`;
}

function isoDuration(hours: number): string {
	const minutes = Math.round(hours * 60);
	return `PT${Math.floor(minutes / 60)}H${minutes % 60}M`;
}

function xml(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
