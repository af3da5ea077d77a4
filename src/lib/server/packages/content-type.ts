/** Content-Type by file extension: a table of what courses contain, since packages carry no types and the content worker must not sniff. */

const TYPES: Readonly<Record<string, string>> = {
	html: 'text/html',
	htm: 'text/html',
	xhtml: 'application/xhtml+xml',
	xht: 'application/xhtml+xml',
	css: 'text/css',
	js: 'text/javascript',
	mjs: 'text/javascript',
	cjs: 'text/javascript',
	json: 'application/json',
	map: 'application/json',
	webmanifest: 'application/manifest+json',
	xml: 'application/xml',
	xsd: 'application/xml',
	xsl: 'application/xml',
	xslt: 'application/xml',
	dtd: 'application/xml-dtd',
	txt: 'text/plain',
	md: 'text/plain',
	csv: 'text/csv',
	vtt: 'text/vtt',
	srt: 'text/plain',
	png: 'image/png',
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	jpe: 'image/jpeg',
	jfif: 'image/jpeg',
	gif: 'image/gif',
	webp: 'image/webp',
	avif: 'image/avif',
	svg: 'image/svg+xml',
	svgz: 'image/svg+xml',
	bmp: 'image/bmp',
	ico: 'image/x-icon',
	cur: 'image/x-icon',
	tif: 'image/tiff',
	tiff: 'image/tiff',
	mp3: 'audio/mpeg',
	m4a: 'audio/mp4',
	aac: 'audio/aac',
	oga: 'audio/ogg',
	ogg: 'audio/ogg',
	opus: 'audio/ogg',
	wav: 'audio/wav',
	flac: 'audio/flac',
	mid: 'audio/midi',
	mp4: 'video/mp4',
	m4v: 'video/mp4',
	webm: 'video/webm',
	ogv: 'video/ogg',
	mov: 'video/quicktime',
	avi: 'video/x-msvideo',
	m3u8: 'application/vnd.apple.mpegurl',
	ts: 'video/mp2t',
	woff: 'font/woff',
	woff2: 'font/woff2',
	ttf: 'font/ttf',
	otf: 'font/otf',
	eot: 'application/vnd.ms-fontobject',
	wasm: 'application/wasm',
	pdf: 'application/pdf',
	epub: 'application/epub+zip',
	zip: 'application/zip',
	gz: 'application/gzip',
	swf: 'application/x-shockwave-flash',
	doc: 'application/msword',
	xls: 'application/vnd.ms-excel',
	ppt: 'application/vnd.ms-powerpoint',
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
	odt: 'application/vnd.oasis.opendocument.text',
	odp: 'application/vnd.oasis.opendocument.presentation',
	ods: 'application/vnd.oasis.opendocument.spreadsheet',
	rtf: 'application/rtf'
};

/** Stored as they are: deflating saves nothing, and a player seeks in stored media without unpacking. Pictures are tried: many shrink. */
const ALREADY_COMPRESSED =
	/^(?:audio\/(?:mpeg|mp4|aac|ogg|flac)|video\/(?!x-msvideo)|font\/woff|application\/(?:zip|gzip|epub|vnd\.openxml|vnd\.oasis))/;

/** No charset: pages say theirs, and old courses are often not UTF-8. */
export function contentTypeOf(path: string): string {
	const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
	return Object.hasOwn(TYPES, extension) ? (TYPES[extension] ?? '') : 'application/octet-stream';
}

export function isAlreadyCompressed(path: string): boolean {
	return ALREADY_COMPRESSED.test(contentTypeOf(path)) || /\.svgz$/i.test(path);
}
