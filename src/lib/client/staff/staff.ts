/** Everything that the screens of trainers and administrators use, made once for an open profile. */
import type { App } from '#lib/client/app.ts';
import type { Session } from '#lib/client/state/session.ts';
import { CardBoxes } from './cards.svelte.ts';
import { CertificatesApi } from './certificates.ts';
import { CohortsApi } from './cohorts.ts';
import { CoursesApi } from './courses.ts';
import { ImportRun } from './import-run.svelte.ts';
import { PeopleApi } from './people.ts';

export class Staff {
	readonly app: App;
	readonly session: Session;
	readonly cohorts: CohortsApi;
	readonly courses: CoursesApi;
	readonly certificates: CertificatesApi;
	readonly people: PeopleApi;
	/** Goes on while other pages are looked at. */
	readonly importRun: ImportRun;
	readonly cards = new CardBoxes();

	constructor(app: App, session: Session) {
		this.app = app;
		this.session = session;
		this.cohorts = new CohortsApi(app.api, () => app.sync.soon());
		this.courses = new CoursesApi(app.api);
		this.certificates = new CertificatesApi(app.api);
		this.people = new PeopleApi(app.api);
		this.importRun = new ImportRun(session.personId);
	}

	/** The server could not be reached the last time. */
	get offline(): boolean {
		return this.app.sync.trouble === 'unreachable';
	}

	/** Asking it at this moment. */
	get working(): boolean {
		return this.app.sync.motion === 'working';
	}

	readonly refresh = (): void => this.app.sync.now();
}
