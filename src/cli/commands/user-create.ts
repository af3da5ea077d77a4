/**
 * user create NAME --role trainer|coordinator|centre_admin|itu_admin [--display-name NAME] [--centre NAME] [--organisation NAME]
 * Makes an account of staff; its password is printed once. Also the way in when the last administrator is gone.
 */
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { newStaffSchema } from '#lib/contracts/api.ts';
import { addStaff } from '#lib/server/requests/add-staff.ts';
import { CommandError } from '../command-error.ts';
import { findOrganisation } from '../find-organisation.ts';
import { withApp } from '../open-app.ts';

export async function run(args: readonly string[]): Promise<number> {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: {
			role: { type: 'string' },
			'display-name': { type: 'string' },
			centre: { type: 'string' },
			organisation: { type: 'string' },
			language: { type: 'string' }
		}
	});
	return withApp(async (app) => {
		const organisationId = await findOrganisation(app.db, values.organisation);
		const centres = await app.db.all<{ id: string; name: string }>(
			'SELECT id, name FROM centres WHERE organisation_id = ?',
			[organisationId]
		);
		const centre = values.centre === undefined ? undefined : centres.find((one) => one.name === values.centre);
		if (values.centre !== undefined && centre === undefined)
			throw new CommandError(`There is no centre "${values.centre}".`);
		const wanted = v.safeParse(newStaffSchema, {
			userName: positionals[0],
			displayName: values['display-name'] ?? positionals[0],
			role: values.role,
			...(centre === undefined ? {} : { centreId: centre.id }),
			...(values.language === undefined ? {} : { language: values.language })
		});
		if (!wanted.success)
			throw new CommandError(
				'user create NAME --role trainer|coordinator|centre_admin|itu_admin [--display-name NAME] [--centre NAME]'
			);
		const result = await addStaff(
			{ db: app.db, now: app.now, newId: app.newId, address: app.config.appOrigin },
			{ ...wanted.output, organisationId }
		);
		if (result.type === 'name-taken') throw new CommandError(`The name "${wanted.output.userName}" is taken.`);
		await app.audit('command-line', 'people.create', result.card.learnerId, wanted.output.role);
		console.log(
			`${result.card.userName}  ${result.card.secret ?? ''}\nSign in at ${result.card.address}; the password is shown this once.`
		);
		return 0;
	});
}
