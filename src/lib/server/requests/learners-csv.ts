/**
 * A list of learners as people keep it: exported from some spreadsheet, with a header in one of the interface languages,
 * commas, semicolons or tabs, with or without a byte order mark. Every problem is told with its line; nothing is guessed silently.
 */
import { parse } from 'csv-parse/sync';
import * as v from 'valibot';
import { newLearnerSchema, type CsvResult } from '#lib/contracts/api.ts';
import type { AGE_BANDS } from '#lib/contracts/sync.ts';
import { LANGUAGES } from '#lib/i18n/languages.ts';
import type { Sex } from '#lib/domain/statistics/sex-split.ts';
import { normaliseSignInName } from '#lib/server/auth/sign-in-name.ts';

export const CSV_PROBLEMS = [
	'not-csv',
	'no-rows',
	'too-many-rows',
	'name-column-missing',
	'name-missing',
	'name-not-valid',
	'sex-unknown',
	'age-unknown',
	'language-unknown',
	'user-name-not-valid',
	'user-name-twice',
	'user-name-taken'
] as const;
export type CsvProblem = (typeof CSV_PROBLEMS)[number];

type CsvRow = CsvResult['rows'][number];
type NewLearner = v.InferOutput<typeof newLearnerSchema>;
type AgeBand = (typeof AGE_BANDS)[number];
type Column = 'name' | 'givenName' | 'familyName' | 'userName' | 'sex' | 'age' | 'language';

export const MOST_CSV_ROWS = 500;

/** Rows in the order of the file. A row with a problem has no learner; the caller still has to look which user names are taken. */
export function readLearners(csv: string): CsvRow[] {
	const records = recordsOf(csv);
	if (records === null) return [problemRow(1, 'not-csv', '')];
	const [header, ...rest] = records;
	if (header === undefined || rest.length === 0) return [problemRow(1, 'no-rows', '')];
	const columns = header.cells.map(columnOf);
	if (!columns.includes('name') && !columns.includes('givenName'))
		return [problemRow(header.line, 'name-column-missing', header.cells.join(', ').slice(0, 200))];
	if (rest.length > MOST_CSV_ROWS)
		return [problemRow(rest[MOST_CSV_ROWS]?.line ?? 1, 'too-many-rows', String(rest.length))];
	const seen = new Set<string>();
	const at = columns.indexOf('sex');
	const mIsUnclear = isUnclear(rest.map(({ cells }) => plainText(cells[at] ?? '')));
	return rest.map(({ line, cells }) => rowOf(line, columns, cells, { seen, mIsUnclear }));
}

type List = { readonly seen: Set<string>; readonly mIsUnclear: boolean };

function rowOf(
	line: number,
	columns: readonly (Column | null)[],
	cells: readonly string[],
	{ seen, mIsUnclear }: List
): CsvRow {
	const cell = (column: Column): string => {
		const at = columns.indexOf(column);
		return at === -1 ? '' : (cells[at] ?? '').normalize('NFC').trim();
	};
	const problems: { code: CsvProblem; value: string }[] = [];
	const displayName = cell('name') || [cell('givenName'), cell('familyName')].filter(Boolean).join(' ');
	const userName = cell('userName');
	const sex = sexOf(cell('sex'), mIsUnclear);
	const ageBand = ageOf(cell('age'));
	const language = languageOf(cell('language'));
	const learner: Record<string, unknown> = {
		displayName,
		sex: sex ?? 'not_stated',
		ageBand: ageBand ?? 'not_stated',
		...(userName === '' ? {} : { userName }),
		...(language === '' || language === null ? {} : { language })
	};
	if (displayName === '') problems.push({ code: 'name-missing', value: '' });
	if (sex === null) problems.push({ code: 'sex-unknown', value: cell('sex') });
	if (ageBand === null) problems.push({ code: 'age-unknown', value: cell('age') });
	if (language === null) problems.push({ code: 'language-unknown', value: cell('language') });
	if (userName !== '') {
		const name = normaliseSignInName(userName);
		if (seen.has(name)) problems.push({ code: 'user-name-twice', value: userName });
		seen.add(name);
	}
	const parsed = v.safeParse(newLearnerSchema, learner);
	if (!parsed.success && displayName !== '') {
		const field = parsed.issues[0].path?.[0]?.key;
		problems.push(
			field === 'userName'
				? { code: 'user-name-not-valid', value: userName.slice(0, 200) }
				: { code: 'name-not-valid', value: displayName.slice(0, 200) }
		);
	}
	return {
		line,
		learner: problems.length === 0 && parsed.success ? (parsed.output satisfies NewLearner) : null,
		problems
	};
}

type Record_ = { readonly line: number; readonly cells: readonly string[] };

function recordsOf(csv: string): Record_[] | null {
	const firstLine = csv.split(/\r?\n/, 1)[0] ?? '';
	const delimiter = [',', ';', '\t', '،', '؛'].reduce(
		(best, one) => (firstLine.split(one).length > firstLine.split(best).length ? one : best),
		','
	);
	try {
		const records: unknown = parse(csv, {
			bom: true,
			delimiter,
			info: true,
			relax_column_count: true,
			relax_quotes: true,
			skip_empty_lines: true,
			skip_records_with_empty_values: true
		});
		return v
			.parse(v.array(v.object({ record: v.array(v.string()), info: v.object({ lines: v.number() }) })), records)
			.map(({ record, info }) => ({ line: info.lines, cells: record }));
	} catch {
		// An open quote to the end of the file: there is no telling where rows end.
		return null;
	}
}

function problemRow(line: number, code: CsvProblem, value: string): CsvRow {
	return { line, learner: null, problems: [{ code, value }] };
}

const columnNames: Readonly<Record<Column, readonly string[]>> = {
	name: [
		'name',
		'full name',
		'display name',
		'learner',
		'student',
		'nom complet',
		'nom et prenom',
		'nom et prenoms',
		'prenom et nom',
		'apprenant',
		'apprenante',
		'الاسم',
		'الاسم الكامل',
		'اسم المتعلم',
		'اسم المتعلمة',
		'nombre completo',
		'nombre y apellido',
		'nombre y apellidos',
		'alumno',
		'alumna',
		'estudiante',
		'participante',
		'имя и фамилия',
		'фамилия и имя',
		'фио',
		'полное имя',
		'учащийся',
		'姓名',
		'学员',
		'学员姓名',
		'学生'
	],
	givenName: [
		'given name',
		'first name',
		'forename',
		'prenom',
		'prenoms',
		'الاسم الاول',
		'الاسم الشخصي',
		'nombres',
		'名',
		'名字'
	],
	familyName: [
		'family name',
		'last name',
		'surname',
		'nom de famille',
		'nom',
		'اسم العائله',
		'اللقب',
		'الاسم العائلي',
		'apellido',
		'apellidos',
		'фамилия',
		'姓',
		'姓氏'
	],
	userName: [
		'user name',
		'username',
		'login',
		'sign in name',
		'identifiant',
		'nom d utilisateur',
		'nom utilisateur',
		'اسم المستخدم',
		'اسم الدخول',
		'usuario',
		'nombre de usuario',
		'имя пользователя',
		'логин',
		'用户名',
		'登录名'
	],
	sex: ['sex', 'gender', 'sexe', 'genre', 'الجنس', 'النوع', 'sexo', 'genero', 'пол', '性别'],
	age: [
		'age',
		'age band',
		'age group',
		'tranche d age',
		'العمر',
		'الفئه العمريه',
		'السن',
		'edad',
		'grupo de edad',
		'возраст',
		'возрастная группа',
		'年龄',
		'年龄段'
	],
	language: ['language', 'lang', 'langue', 'اللغه', 'idioma', 'lengua', 'язык', '语言']
};

function columnOf(header: string, _index: number, headers: readonly string[]): Column | null {
	const plain = plainText(header);
	const others = headers.map(plainText);
	// In French, "nom" alone is the whole name unless there is a column for given names; in the other languages the word for a
	// given name is, unless there is one for family names.
	if (plain === 'nom' && !others.some((one) => columnNames.givenName.includes(one))) return 'name';
	if (['nombre', plainText('имя'), '名字'].includes(plain))
		return others.some((one) => columnNames.familyName.some((name) => plainText(name) === one)) ? 'givenName' : 'name';
	return (
		(Object.keys(columnNames) as Column[]).find((column) =>
			columnNames[column].some((name) => plainText(name) === plain)
		) ?? null
	);
}

/** Lower case, no accents, one form of the Arabic letters that are written either way. */
function plainText(text: string): string {
	return text
		.normalize('NFKD')
		.replace(/[\p{Mn}\p{Cf}ـ]/gu, '')
		.toLowerCase()
		.replace(/[أإآٱ]/g, 'ا')
		.replace(/ة/g, 'ه')
		.replace(/ى/g, 'ي')
		.replace(/[\s_\-'’.:*]+/g, ' ')
		.trim();
}

const sexWords: Readonly<Record<Sex, readonly string[]>> = {
	female: [
		'f',
		'female',
		'woman',
		'girl',
		'w',
		'femme',
		'feminin',
		'fille',
		'انثي',
		'امراه',
		'بنت',
		'فتاه',
		'سيده',
		'mujer',
		'femenino',
		'femenina',
		'nina',
		'ж',
		'жен',
		'женский',
		'женщина',
		'девушка',
		'девочка',
		'女',
		'女性',
		'女生'
	],
	male: [
		'm',
		'male',
		'man',
		'boy',
		'h',
		'homme',
		'masculin',
		'garcon',
		'ذكر',
		'رجل',
		'ولد',
		'شاب',
		'سيد',
		'hombre',
		'masculino',
		'varon',
		'nino',
		'м',
		'муж',
		'мужской',
		'мужчина',
		'юноша',
		'мальчик',
		'男',
		'男性',
		'男生'
	],
	other: [
		'o',
		'x',
		'other',
		'autre',
		'اخر',
		'اخري',
		'غير ذلك',
		'otro',
		'otra',
		'другое',
		'другой',
		'иное',
		'其他',
		'其它'
	],
	not_stated: [
		'',
		'-',
		'?',
		'not stated',
		'prefer not to say',
		'n/a',
		'na',
		'non precise',
		'non renseigne',
		'ne se prononce pas',
		'غير مذكور',
		'لم يذكر',
		'افضل عدم الاجابه',
		'no indicado',
		'prefiere no decirlo',
		'prefiero no decirlo',
		'не указан',
		'не указано',
		'не хочу указывать',
		'未说明',
		'未填写',
		'不便透露'
	]
};

/** Where lists say h and m (hombre, mujer), m is a woman; where they say f and m, a man. Beside h alone nobody can know: ask. */
function isUnclear(letters: readonly string[]): boolean {
	return letters.includes('h') && letters.includes('m') && !letters.includes('f');
}

function sexOf(text: string, mIsUnclear: boolean): Sex | null {
	const plain = plainText(text);
	if (plain === 'm' && mIsUnclear) return null;
	return (
		(Object.keys(sexWords) as Sex[]).find((sex) => sexWords[sex].some((word) => plainText(word) === plain)) ?? null
	);
}

const bands: readonly { readonly band: AgeBand; readonly from: number; readonly to: number }[] = [
	{ band: 'under_15', from: 0, to: 14 },
	{ band: '15_17', from: 15, to: 17 },
	{ band: '18_24', from: 18, to: 24 },
	{ band: '25_34', from: 25, to: 34 },
	{ band: '35_49', from: 35, to: 49 },
	{ band: '50_64', from: 50, to: 64 },
	{ band: '65_over', from: 65, to: 120 }
];

/** "27", "25-34", "25_34", "65+", "<15", "moins de 15", or nothing; digits of any script. Only the band is kept. */
function ageOf(text: string): AgeBand | null {
	const plain = plainText(text).replace(/\p{Nd}/gu, (digit) =>
		String((digit.codePointAt(0) ?? 0) <= 0x39 ? digit : ((digit.codePointAt(0) ?? 0) & 0xf) % 10)
	);
	if (plain === '' || plain === '?' || sexWords.not_stated.some((word) => plainText(word) === plain))
		return 'not_stated';
	const numbers = (plain.match(/\d+/g) ?? []).map(Number);
	const [first, second] = numbers;
	if (first === undefined || numbers.length > 2) return null;
	if (second !== undefined)
		return bands.find(({ from, to }) => from === first && (to === second || to === 120))?.band ?? null;
	if (/^(<|under|moins|less|below|اقل|دون|تحت|menos|menor|до|младше|меньше)|以下$/.test(plain))
		return first === 15 ? 'under_15' : null;
	if (/(\+|over|plus|فاكثر|فما فوق|mas|mayor|старше|以上)/.test(plain))
		return bands.find(({ from, to }) => from === first && to === 120)?.band ?? null;
	return bands.find(({ from, to }) => first >= from && first <= to)?.band ?? null;
}

/** A tag such as "fr" or "pt-BR", or the name of an interface language; "" when the cell is empty. */
function languageOf(text: string): string | null {
	if (text === '') return '';
	const plain = plainText(text);
	const named = LANGUAGES.find(
		(language) =>
			plainText(language.name) === plain ||
			(languageNames[language.code] ?? []).some((name) => plainText(name) === plain)
	);
	if (named !== undefined) return named.code;
	const [tag] = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(text) ? Intl.getCanonicalLocales(text) : [];
	return tag ?? null;
}

const languageNames: Readonly<Record<string, readonly string[]>> = {
	en: ['english', 'anglais', 'الانجليزيه', 'انجليزي', 'ingles', 'английский', '英语'],
	fr: ['french', 'francais', 'الفرنسيه', 'فرنسي', 'frances', 'французский', '法语'],
	ar: ['arabic', 'arabe', 'العربيه', 'عربي', 'арабский', '阿拉伯语'],
	es: ['spanish', 'espagnol', 'castellano', 'الاسبانيه', 'испанский', '西班牙语'],
	ru: ['russian', 'russe', 'ruso', 'الروسيه', '俄语'],
	zh: ['汉语', '普通话', 'chinese', 'chinois', 'chino', 'الصينيه', 'китайский']
};
