/**
 * course doctor FILE.zip [--language fr] [--json]
 * Looks a SCORM package over without importing it: the report that an administrator reads before publishing. Ends with 1
 * when something blocks learning offline, or the package is refused.
 */
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DoctorReport } from '#lib/domain/doctor/doctor-report.ts';
import { SEVERITIES, type Place } from '#lib/domain/doctor/finding.ts';
import { findingWords } from '#lib/i18n/doctor-words.ts';
import { chooseLanguage } from '#lib/i18n/languages.ts';
import { createTranslator, type Translator } from '#lib/i18n/translator.ts';
import { readNamespace } from '#lib/server/i18n/translators.ts';
import { examinePack } from '#lib/server/packages/doctor/examine-pack.ts';
import { importPackage } from '#lib/server/packages/import-package.ts';
import { CommandError } from '../command-error.ts';

export async function run(args: readonly string[]): Promise<number> {
	const { values, positionals } = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: { language: { type: 'string', default: 'en' }, json: { type: 'boolean', default: false } }
	});
	const [zipPath] = positionals;
	if (zipPath === undefined || statSync(zipPath, { throwIfNoEntry: false })?.isFile() !== true)
		throw new CommandError('Which file? course doctor FILE.zip [--language fr] [--json]');
	const folder = await mkdtemp(join(tmpdir(), 'waypost-doctor-'));
	try {
		const imported = await importPackage(zipPath, { packsDir: folder });
		if (imported.type === 'refused') {
			console.error(`Refused: ${imported.reason} ${JSON.stringify(imported.detail)}`);
			return 1;
		}
		const report = await examinePack(imported.pack.path);
		if (report === null) throw new Error('the pack that was just made cannot be read');
		if (values.json) console.log(JSON.stringify({ warnings: imported.warnings, ...report }, null, '\t'));
		else {
			const words = await createTranslator(
				chooseLanguage([values.language]),
				['admin', 'admin-doctor', 'admin-import'],
				readNamespace
			);
			console.log(reportText(report, words, imported.title, imported.pack.size));
			for (const { code, detail } of imported.warnings)
				console.log(`  - ${words.t(`admin-import.import.warning.${code}`, detail)}`);
		}
		return report.findings.some(({ severity }) => severity === 'blocks') ? 1 : 0;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function reportText(report: DoctorReport, words: Translator, title: string, packSize: number): string {
	const { t, formats } = words;
	const lines = [`${title}  ${formats.bytes(packSize)}`, t(`admin.report.forecast.${report.offline}`), ''];
	for (const severity of SEVERITIES) {
		const findings = report.findings.filter((one) => one.severity === severity);
		if (findings.length === 0) continue;
		lines.push(`${t(`admin-doctor.group.${severity}`)} (${formats.number(findings.length)})`, '');
		for (const finding of findings) {
			const { title: name, means, mend } = findingWords(words, { code: finding.code, params: finding.params });
			const perhaps = finding.isSure ? '' : ` (${t('admin-doctor.perhaps')})`;
			lines.push(
				`  ${finding.rule} ${name}${perhaps}: ${t('admin-doctor.times', { count: finding.count })}`,
				`    ${means}`,
				`    ${mend}`
			);
			lines.push(...finding.places.map((place) => `      ${placeText(place)}`), '');
		}
	}
	if (report.findings.length === 0) lines.push(t('admin-doctor.nothing'), '');
	for (const { kind, files, packed } of report.sizes)
		lines.push(
			`  ${t(`admin-doctor.kind.${kind}`).padEnd(28)} ${formats.number(files).padStart(6)}  ${formats.bytes(packed)}`
		);
	lines.push('', t('admin-doctor.limits'));
	return lines.join('\n').replace(/[\u2066-\u2069]/g, '');
}

function placeText({ path, line, what }: Place): string {
	return [path + (line === null ? '' : `:${line}`), what ?? ''].filter((part) => part !== '').join('  ');
}
