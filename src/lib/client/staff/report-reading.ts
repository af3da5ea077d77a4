/**
 * A package report with the sentences it is told in. They are a quarter of the interface's words and of use to who reads a
 * report, which needs the server anyway: they come with it, and no learner's phone keeps them.
 */
import type { ApiResult } from '#lib/client/api.ts';
import type { PackageReport } from '#lib/contracts/package-report.ts';
import { fetchNamespaces } from '#lib/i18n/fetch-namespace.ts';
import type { I18n } from '#lib/i18n/i18n.svelte.ts';
import type { Translator } from '#lib/i18n/translator.ts';

const load = fetchNamespaces((...request) => fetch(...request));

/** null when there can be no report; the words are those of the language spoken now. */
export async function readReport(
	asked: Promise<ApiResult<PackageReport | null>>,
	i18n: Pick<I18n, 'language' | 'digits'>
): Promise<ApiResult<{ readonly report: PackageReport; readonly words: Translator } | null>> {
	const { language, digits } = i18n;
	const { createTranslator } = await import('#lib/i18n/translator.ts');
	const [answer, words] = await Promise.all([
		asked,
		createTranslator(language, ['admin-doctor'], load, digits).catch(() => null)
	]);
	if (answer.type !== 'ok' || answer.value === null) return answer as ApiResult<null>;
	return words === null
		? { type: 'unreachable', code: 'unreachable' }
		: { type: 'ok', value: { report: answer.value, words } };
}
