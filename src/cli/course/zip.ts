/** A ZIP with the same bytes for the same files: sorted by the caller, one fixed date, no extra fields (PKWARE APPNOTE 4.3). */
import { crc32, deflateRawSync } from 'node:zlib';

export type ZipFile = { readonly name: string; readonly bytes: Uint8Array };

/** 1 January 1980, the first day that a DOS date can say. */
const DOS_DATE = 0x0021;
const UTF8_NAMES = 0x0800;

export function zip(files: readonly ZipFile[]): Uint8Array {
	const parts: Uint8Array[] = [];
	const directory: Uint8Array[] = [];
	let offset = 0;
	for (const { name, bytes } of files) {
		const path = new TextEncoder().encode(name);
		const deflated = deflateRawSync(bytes, { level: 9 });
		const stored = deflated.length >= bytes.length;
		const body = stored ? bytes : deflated;
		const common = new Uint8Array(26);
		const view = new DataView(common.buffer);
		view.setUint16(0, 20, true);
		view.setUint16(2, UTF8_NAMES, true);
		view.setUint16(4, stored ? 0 : 8, true);
		view.setUint16(8, DOS_DATE, true);
		view.setUint32(10, crc32(bytes), true);
		view.setUint32(14, body.length, true);
		view.setUint32(18, bytes.length, true);
		view.setUint16(22, path.length, true);

		parts.push(signature(0x04034b50), common, path, body);
		directory.push(signature(0x02014b50), madeBy(), common, tail(offset), path);
		offset += 4 + common.length + path.length + body.length;
	}
	const directorySize = directory.reduce((sum, part) => sum + part.length, 0);
	const end = new Uint8Array(22);
	const view = new DataView(end.buffer);
	view.setUint32(0, 0x06054b50, true);
	view.setUint16(8, files.length, true);
	view.setUint16(10, files.length, true);
	view.setUint32(12, directorySize, true);
	view.setUint32(16, offset, true);
	return Buffer.concat([...parts, ...directory, end]);
}

function signature(value: number): Uint8Array {
	const bytes = new Uint8Array(4);
	new DataView(bytes.buffer).setUint32(0, value, true);
	return bytes;
}

function madeBy(): Uint8Array {
	return Uint8Array.of(20, 0);
}

/** Central directory fields after the lengths: comment, disk, attributes, offset of the local header. */
function tail(offset: number): Uint8Array {
	const bytes = new Uint8Array(14);
	new DataView(bytes.buffer).setUint32(10, offset, true);
	return bytes;
}
