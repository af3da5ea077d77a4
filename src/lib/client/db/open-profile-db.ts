/**
 * Opens a person's database. Browsers sometimes fail once ("Internal error opening backing store", or the connection
 * lost while the phone slept): a second try helps, and what fails twice is told to the person.
 */
import { AppError } from '#lib/errors/app-error.ts';
import { profileDbName } from './names.ts';
import { ProfileDb } from './profile-db.ts';

/** @throws AppError storage-broken, with the cause */
export async function openProfileDb(personId: string): Promise<ProfileDb> {
	for (let attempt = 1; ; attempt++) {
		const db = new ProfileDb(profileDbName(personId));
		try {
			await db.open();
			return db;
		} catch (error) {
			db.close();
			if (attempt === 2) throw new AppError('storage-broken', { cause: error });
		}
	}
}
