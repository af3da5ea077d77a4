/** The three records of a plain ZIP file as packs use them (APPNOTE 4.3.7, 4.3.12, 4.3.16): UTF-8 names, one fixed date, no descriptors. */

export type ZipRecord = {
	readonly path: string;
	readonly method: 0 | 8;
	readonly crc32: number;
	readonly compressedSize: number;
	readonly size: number;
};

const UTF8_NAMES = 0x0800;
/** 1 January 1980, the first day a ZIP can name: the same input must give the same bytes on any day. */
const DATE = 0x0021;
const NEEDS_VERSION_2_0 = 20;
const MADE_BY_UNIX = (3 << 8) | NEEDS_VERSION_2_0;
const REGULAR_FILE_0644 = (0o100644 << 16) >>> 0;

export const LOCAL_HEADER_BYTES = 30;

export function localHeader(record: ZipRecord): Buffer {
	const name = Buffer.from(record.path);
	const header = Buffer.alloc(LOCAL_HEADER_BYTES);
	header.writeUInt32LE(0x04034b50, 0);
	header.writeUInt16LE(NEEDS_VERSION_2_0, 4);
	writeCommon(header, 6, record, name.length);
	return Buffer.concat([header, name]);
}

export function directoryRecord(record: ZipRecord, headerStart: number): Buffer {
	const name = Buffer.from(record.path);
	const header = Buffer.alloc(46);
	header.writeUInt32LE(0x02014b50, 0);
	header.writeUInt16LE(MADE_BY_UNIX, 4);
	header.writeUInt16LE(NEEDS_VERSION_2_0, 6);
	writeCommon(header, 8, record, name.length);
	header.writeUInt32LE(REGULAR_FILE_0644, 38);
	header.writeUInt32LE(headerStart, 42);
	return Buffer.concat([header, name]);
}

export function endOfDirectory(entries: number, directoryBytes: number, directoryStart: number): Buffer {
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(entries, 8);
	end.writeUInt16LE(entries, 10);
	end.writeUInt32LE(directoryBytes, 12);
	end.writeUInt32LE(directoryStart, 16);
	return end;
}

/** Flags to extra field length: the same order in both headers. */
function writeCommon(header: Buffer, at: number, record: ZipRecord, nameBytes: number): void {
	header.writeUInt16LE(UTF8_NAMES, at);
	header.writeUInt16LE(record.method, at + 2);
	header.writeUInt16LE(0, at + 4);
	header.writeUInt16LE(DATE, at + 6);
	header.writeUInt32LE(record.crc32, at + 8);
	header.writeUInt32LE(record.compressedSize, at + 12);
	header.writeUInt32LE(record.size, at + 16);
	header.writeUInt16LE(nameBytes, at + 20);
}
