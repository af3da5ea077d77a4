/**
 * An open profile: the person's database and everything her screens read, each value live. Made by ProfilesState when
 * somebody signs in or unlocks, closed when she locks or another person comes.
 */
import type { DeviceDb, KnownProfile } from '#lib/client/db/device-db.ts';
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
import { Told } from './told.ts';
import { safetyOf, type Safety } from './safety.ts';
import { cohortView, cohortViews, type CohortView } from './trainer-views.ts';
import type { Profile } from '#lib/contracts/sync.ts';

export class Session {
	readonly personId: string;
	/** As it was when the profile was opened; `profile` follows changes. */
	readonly known: KnownProfile;
	readonly db: ProfileDb;

	readonly profile: Live<Profile | null>;
	readonly home: Told<LearnerHome>;
	readonly courses: Told<readonly CourseSummary[]>;
	readonly records: Live<CourseRecords>;
	readonly certificates: Told<CertificatesView>;
	readonly safety: Live<Safety>;
	readonly downloads: Live<DownloadsView>;
	readonly myData: Live<MyDataView>;
	readonly cohorts: Told<readonly CohortView[]>;

	readonly #owner: Owner;
	readonly #isAsking: () => boolean;
	readonly #courses = new Map<string, Told<CourseView | null>>();
	readonly #cohorts = new Map<string, Told<CohortView | null>>();

	/** @param isAsking whether the server's answer may come at any moment; reactive */
	constructor(device: DeviceDb, db: ProfileDb, known: KnownProfile, isAsking: () => boolean) {
		const owner = { device, db, personId: known.personId };
		this.personId = known.personId;
		this.known = known;
		this.db = db;
		this.#owner = owner;
		this.#isAsking = isAsking;
		this.profile = new Live(async () => (await db.profile.get(known.personId)) ?? null);
		this.home = this.told(() => learnerHome(owner));
		this.courses = this.told(() => allCourses(owner));
		this.records = new Live(() => courseRecords(db));
		this.certificates = this.told(() => certificatesView(owner));
		this.safety = new Live(() => safetyOf(db));
		this.downloads = new Live(() => downloadsView(device, db));
		this.myData = new Live(() => myDataView(device, db));
		this.cohorts = this.told(() => cohortViews(db));
	}

	/** For what is read together with the first answer of the server. */
	told<T>(query: () => Promise<T>): Told<T> {
		return new Told(this.db, this.#isAsking, query);
	}

	/** null = not known to this person on this device (yet). */
	course(courseId: string): Told<CourseView | null> {
		return remembered(this.#courses, courseId, () => this.told(() => courseView(this.#owner, courseId)));
	}

	/** null = not one of hers (any more). */
	cohort(cohortId: string): Told<CohortView | null> {
		return remembered(this.#cohorts, cohortId, () => this.told(() => cohortView(this.db, cohortId)));
	}
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
	const value = known.get(key) ?? make();
	known.set(key, value);
	return value;
}
