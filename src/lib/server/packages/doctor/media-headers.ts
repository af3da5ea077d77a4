/** How wide a picture is and how long a video lasts, from the first bytes, where headers say so plainly. */

export type Pixels = { readonly width: number; readonly height: number };

/** PNG (ISO 15948), GIF89a, JPEG (ITU T.81), WebP, BMP. null: another format, or cut before the size. */
export function pixelsOf(bytes: Buffer): Pixels | null {
	if (bytes.length < 30) return null;
	if (bytes.readUInt32BE(0) === 0x89504e47) return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
	if (bytes.toString('latin1', 0, 4) === 'GIF8') return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
	if (bytes.toString('latin1', 0, 2) === 'BM')
		return { width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) };
	if (bytes.readUInt16BE(0) === 0xffd8) return pixelsOfJpeg(bytes);
	return bytes.toString('latin1', 8, 12) === 'WEBP' ? pixelsOfWebp(bytes) : null;
}

/** Segments up to the frame header (SOF0 to SOF15 without DHT, JPG and DAC). */
function pixelsOfJpeg(bytes: Buffer): Pixels | null {
	for (let at = 2; at + 9 < bytes.length;) {
		if (bytes[at] !== 0xff) return null;
		const marker = bytes[at + 1] ?? 0;
		if (marker === 0xff) {
			at += 1;
			continue;
		}
		if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
			return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
		at += 2 + bytes.readUInt16BE(at + 2);
	}
	return null;
}

function pixelsOfWebp(bytes: Buffer): Pixels | null {
	switch (bytes.toString('latin1', 12, 16)) {
		case 'VP8X':
			return { width: 1 + bytes.readUIntLE(24, 3), height: 1 + bytes.readUIntLE(27, 3) };
		case 'VP8 ':
			return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
		case 'VP8L': {
			const bits = bytes.readUInt32LE(21);
			return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
		}
		default:
			return null;
	}
}

/** Reads `length` bytes at `position` of the file; shorter at its end. */
export type ReadAt = (position: number, length: number) => Promise<Buffer>;

const MOST_BOXES = 50;

/** Seconds of an MP4 (ISO 14496-12: the movie header box, wherever the movie box stands). */
export async function secondsOfMp4(read: ReadAt, size: number): Promise<number | null> {
	let at = 0;
	for (let count = 0; count < MOST_BOXES && at + 8 <= size; count += 1) {
		const header = await read(at, 16);
		if (header.length < 16) return null;
		const short = header.readUInt32BE(0);
		const length = short === 1 ? Number(header.readBigUInt64BE(8)) : short === 0 ? size - at : short;
		if (header.toString('latin1', 4, 8) === 'moov') return secondsInMovie(await read(at + 8, 4096));
		if (length < 8 || !Number.isSafeInteger(length)) return null;
		at += length;
	}
	return null;
}

function secondsInMovie(movie: Buffer): number | null {
	for (let at = 0; at + 40 <= movie.length;) {
		const length = movie.readUInt32BE(at);
		if (movie.toString('latin1', at + 4, at + 8) === 'mvhd') {
			const isLong = movie[at + 8] === 1;
			const scale = movie.readUInt32BE(at + (isLong ? 28 : 20));
			const duration = isLong ? Number(movie.readBigUInt64BE(at + 32)) : movie.readUInt32BE(at + 24);
			return scale > 0 && duration > 0 ? duration / scale : null;
		}
		if (length < 8) return null;
		at += length;
	}
	return null;
}
