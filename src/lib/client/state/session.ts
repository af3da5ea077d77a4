/**
 * An open profile: the person's database and everything her screens read, each value live. Made by ProfilesState when
 * somebody signs in or unlocks, closed when she locks or another person comes.
 */
import type { DeviceDb, KnownProfile } from '#lib/client/db/device-db.ts';
import { readMeta } from '#lib/client/db/profile-meta.ts';
import type { ProfileDb } from '#lib/client/db/profile-db.ts';
import { downloadsView, myDataView, type DownloadsView, type MyDataView } from './device-views.ts';
import type { CourseSummary } from './course-summary.ts';
import {
	allCourses,
	certificatesView,
	courseView,
	learnerHome,
	type CertificatesView,
	type CourseView,
	type LearnerHome,
	type Owner
} from './learner-views.ts';
import { courseRecords, type CourseRecords } from './course-records.ts';
import { Live } from './live.svelte.ts';
import { safetyOf, type Safety } from './safety.ts';
import { cohortList, cohortView, type CohortSummary, type CohortView } from './trainer-views.ts';
import type { Profile } from '#lib/contracts/sync.ts';

export class Session {
	readonly personId: string;
	/** As it was when the profile was opened; `profile` follows changes. */
	readonly known: KnownProfile;
	readonly db: ProfileDb;

	readonly profile: Live<Profile | null>;
	/** Whether this device ever had an answer of the server for her. */
	readonly heard: Live<boolean>;
	readonly home: Live<LearnerHome>;
	readonly courses: Live<readonly CourseSummary[]>;
	readonly records: Live<CourseRecords>;
	readonly certificates: Live<CertificatesView>;
	readonly safety: Live<Safety>;
	readonly downloads: Live<DownloadsView>;
	readonly myData: Live<MyDataView>;
	readonly cohorts: Live<readonly CohortSummary[]>;

	readonly #owner: Owner;
	readonly #courses = new Map<string, Live<CourseView | null>>();
	readonly #cohorts = new Map<string, Live<CohortView | null>>();

	constructor(device: DeviceDb, db: ProfileDb, known: KnownProfile) {
		const owner = { device, db, personId: known.personId };
		this.personId = known.personId;
		this.known = known;
		this.db = db;
		this.#owner = owner;
		this.profile = new Live(async () => (await db.profile.get(known.personId)) ?? null);
		this.heard = new Live(async () => (await readMeta(db, 'serverNow')) !== undefined);
		this.home = new Live(() => learnerHome(owner));
		this.courses = new Live(() => allCourses(owner));
		this.records = new Live(() => courseRecords(db));
		this.certificates = new Live(() => certificatesView(owner));
		this.safety = new Live(() => safetyOf(db));
		this.downloads = new Live(() => downloadsView(device, db));
		this.myData = new Live(() => myDataView(device, db));
		this.cohorts = new Live(() => cohortList(db));
	}

	/** null = not known to this person on this device (yet). */
	course(courseId: string): Live<CourseView | null> {
		return remembered(this.#courses, courseId, () => new Live(() => courseView(this.#owner, courseId)));
	}

	/** null = not one of hers (any more). */
	cohort(cohortId: string): Live<CohortView | null> {
		return remembered(this.#cohorts, cohortId, () => new Live(() => cohortView(this.db, cohortId)));
	}
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
	const value = known.get(key) ?? make();
	known.set(key, value);
	return value;
}
