/** Our SQL as text: one dialect in the files, two engines that read it. Strings, quoted names and comments stay untouched. */

type Piece = { readonly kind: 'code' | 'quoted' | 'comment'; readonly text: string };

const quotedOrComment = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g;

function piecesOf(sql: string): Piece[] {
	const pieces: Piece[] = [];
	let position = 0;
	for (const match of sql.matchAll(quotedOrComment)) {
		if (match.index > position) pieces.push({ kind: 'code', text: sql.slice(position, match.index) });
		pieces.push({ kind: /^['"]/.test(match[0]) ? 'quoted' : 'comment', text: match[0] });
		position = match.index + match[0].length;
	}
	if (position < sql.length) pieces.push({ kind: 'code', text: sql.slice(position) });
	return pieces;
}

function rewriteCode(sql: string, rewrite: (code: string) => string): string {
	return piecesOf(sql)
		.map((piece) => (piece.kind === 'code' ? rewrite(piece.text) : piece.text))
		.join('');
}

/** `?` to `$1`, `$2` ... for PostgreSQL. */
export function withDollarPlaceholders(sql: string): string {
	let count = 0;
	return rewriteCode(sql, (code) => code.replace(/\?/g, () => `$${++count}`));
}

/** A migration as SQLite reads it: its three number types are two, and tables are STRICT, so that it refuses what PostgreSQL refuses. */
export function forSqlite(statement: string): string {
	const typed = rewriteCode(statement, (code) =>
		code.replace(/\b(?:bigint|smallint)\b/gi, 'INTEGER').replace(/\bdouble precision\b/gi, 'REAL')
	);
	return /^create table\b/i.test(typed) ? `${typed} STRICT` : typed;
}

/** The statements of a script, without comments and without their semicolons. */
export function statementsOf(script: string): string[] {
	const statements = [''];
	for (const piece of piecesOf(script)) {
		if (piece.kind === 'comment') continue;
		const parts = piece.kind === 'code' ? piece.text.split(';') : [piece.text];
		statements[statements.length - 1] += parts[0] ?? '';
		statements.push(...parts.slice(1));
	}
	return statements.map((statement) => statement.trim()).filter((statement) => statement !== '');
}
