/** A finding of the package doctor in words: what it is, what it means for a learner, what to do. */
import type { PackageReport } from '#lib/contracts/package-report.ts';
import type { Translator, Values } from './translator.ts';

type Finding = PackageReport['findings'][number];
export type FindingWords = { readonly title: string; readonly means: string; readonly mend: string };

/** A code of a newer server, which this page has no words for, is shown as it is. */
export function findingWords(
	{ t, has, formats }: Pick<Translator, 't' | 'has' | 'formats'>,
	finding: Pick<Finding, 'code' | 'params'>
): FindingWords {
	const { code } = finding;
	if (!has(`admin-doctor.finding.${code}.title`)) return { title: code, means: '', mend: '' };
	const values: Values = Object.fromEntries(
		Object.entries(finding.params).map(([name, value]) => [
			name,
			typeof value === 'number' && name.endsWith('Bytes') ? formats.bytes(value) : value
		])
	);
	return {
		title: t(`admin-doctor.finding.${code}.title`, values),
		means: t(`admin-doctor.finding.${code}.means`, values),
		mend: t(`admin-doctor.finding.${code}.mend`, values)
	};
}
