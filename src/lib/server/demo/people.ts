/** Who lives in the demo. Sign-ins are public knowledge, which is why the demo exists on loopback only. */
import type { Sex } from '#lib/domain/statistics/sex-split.ts';
import type { Role } from '#lib/contracts/sync.ts';

export type DemoStaff = {
	readonly role: Exclude<Role, 'learner'>;
	readonly userName: string;
	readonly displayName: string;
	readonly secret: string;
	readonly place: 'centre' | 'organisation';
};

export const demoOrganisation = 'Riverside Learning Trust';
export const demoCentres = [
	{ key: 'mongu', name: 'Mongu Digital Centre', country: 'ZM' },
	{ key: 'tamale', name: 'Tamale Community Hub', country: 'GH' }
] as const;
export const demoCohort = 'Market women and youth, group 4';

export const demoStaff: readonly DemoStaff[] = [
	{ role: 'trainer', userName: 'trainer', displayName: 'Grace Phiri', secret: 'demo-trainer', place: 'centre' },
	{
		role: 'coordinator',
		userName: 'coordinator',
		displayName: 'Kwame Asante',
		secret: 'demo-coordinator',
		place: 'organisation'
	},
	{ role: 'centre_admin', userName: 'admin', displayName: 'Namukolo Sitali', secret: 'demo-admin', place: 'centre' },
	{ role: 'itu_admin', userName: 'itu', displayName: 'Elena Petrova', secret: 'demo-itu', place: 'organisation' }
];

/** How far a learner is: what she did, told by a journey (journeys.ts). */
export type DemoLearner = {
	readonly userName: string;
	readonly displayName: string;
	readonly sex: Sex;
	readonly ageBand: '15_17' | '18_24' | '25_34' | '35_49' | '50_64' | '65_over' | 'not_stated';
	readonly language: string;
	readonly journey: 'issued' | 'due' | 'failed' | 'middle' | 'begun' | 'none';
};

/** Known to the person who tries the demo; the others' PINs are nobody's business. */
export const demoLearnerPin = '204963';

export const demoLearners: readonly DemoLearner[] = [
	{
		userName: 'amina',
		displayName: 'Amina Diallo',
		sex: 'female',
		ageBand: '25_34',
		language: 'en',
		journey: 'middle'
	},
	{
		userName: 'chanda',
		displayName: 'Chanda Mwila',
		sex: 'female',
		ageBand: '18_24',
		language: 'en',
		journey: 'issued'
	},
	{ userName: 'fatima', displayName: 'فاطمة الزهراء', sex: 'female', ageBand: '35_49', language: 'ar', journey: 'due' },
	{ userName: 'wang', displayName: '王小明', sex: 'male', ageBand: '18_24', language: 'en', journey: 'issued' },
	{ userName: 'joseph', displayName: 'Joseph Banda', sex: 'male', ageBand: '25_34', language: 'en', journey: 'due' },
	{
		userName: 'elodie',
		displayName: 'Élodie N’Guessan',
		sex: 'female',
		ageBand: '18_24',
		language: 'fr',
		journey: 'due'
	},
	{ userName: 'sunita', displayName: 'सुनीता शर्मा', sex: 'female', ageBand: '35_49', language: 'en', journey: 'begun' },
	{
		userName: 'oleksii',
		displayName: 'Олексій Коваль',
		sex: 'male',
		ageBand: '50_64',
		language: 'en',
		journey: 'failed'
	},
	{
		userName: 'mary',
		displayName: 'Mary Lubinda',
		sex: 'female',
		ageBand: '65_over',
		language: 'en',
		journey: 'middle'
	},
	{ userName: 'abebe', displayName: 'አበበ በቀለ', sex: 'male', ageBand: '25_34', language: 'en', journey: 'begun' },
	{ userName: 'sam', displayName: 'Sam', sex: 'other', ageBand: '18_24', language: 'en', journey: 'none' },
	{
		userName: 'precious',
		displayName: 'Precious Zulu',
		sex: 'not_stated',
		ageBand: 'not_stated',
		language: 'en',
		journey: 'none'
	}
];
