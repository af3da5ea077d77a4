/** Real recordings, films and photos, made here: small enough to stand in a test, and the same bytes each time. */
import { crc32, deflateSync } from 'node:zlib';

/** WAV (RIFF, 16-bit PCM, mono, 8 kHz): a tone that swells and fades. */
export function aTone(seconds: number, hertz = 440): Uint8Array {
	const rate = 8000;
	const samples = Math.round(seconds * rate);
	const wav = Buffer.alloc(44 + 2 * samples);
	wav.write('RIFF', 0, 'ascii');
	wav.writeUInt32LE(36 + 2 * samples, 4);
	wav.write('WAVEfmt ', 8, 'ascii');
	wav.writeUInt32LE(16, 16);
	wav.writeUInt16LE(1, 20);
	wav.writeUInt16LE(1, 22);
	wav.writeUInt32LE(rate, 24);
	wav.writeUInt32LE(2 * rate, 28);
	wav.writeUInt16LE(2, 32);
	wav.writeUInt16LE(16, 34);
	wav.write('data', 36, 'ascii');
	wav.writeUInt32LE(2 * samples, 40);
	for (let n = 0; n < samples; n++) {
		const loud = Math.sin((Math.PI * n) / samples);
		wav.writeInt16LE(Math.round(9000 * loud * Math.sin((2 * Math.PI * hertz * n) / rate)), 44 + 2 * n);
	}
	return wav;
}

/** PNG (8-bit RGB): hills under a sky, with a little grain so that it weighs what a photo weighs. */
export function aPhoto(width: number, height: number): Uint8Array {
	const rows = Buffer.alloc(height * (1 + 3 * width));
	let grain = 1;
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			grain = (Math.imul(grain, 1664525) + 1013904223) >>> 0;
			const noise = (grain >>> 28) - 8;
			const hill = y > height * (0.6 + 0.15 * Math.sin((7 * x) / width));
			const light = Math.round((80 * y) / height);
			const colour = hill ? [90 - light / 2, 130, 70] : [120 + light, 170 + light / 2, 220];
			colour.forEach((part, n) => {
				rows[y * (1 + 3 * width) + 1 + 3 * x + n] = Math.max(0, Math.min(255, part + noise));
			});
		}
	}
	const chunk = (type: string, data: Uint8Array): Buffer => {
		const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
		const framed = Buffer.alloc(body.length + 8);
		framed.writeUInt32BE(data.length, 0);
		body.copy(framed, 4);
		framed.writeUInt32BE(crc32(body), body.length + 4);
		return framed;
	};
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 2, 0, 0, 0], 8);
	return Buffer.concat([
		Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
		chunk('IHDR', header),
		chunk('IDAT', deflateSync(rows)),
		chunk('IEND', new Uint8Array())
	]);
}

/** WebM (Matroska, VP8): a ball that rolls. A lossy WebP holds exactly one VP8 key frame, so a film is a row of them. */
export async function aFilm(seconds: number): Promise<Uint8Array> {
	const { default: sharp } = await import('sharp');
	const [width, height, perSecond] = [160, 90, 5];
	const frames: Uint8Array[] = [];
	for (let n = 0; n < seconds * perSecond; n++) {
		const x = 20 + (120 * n) / (seconds * perSecond);
		const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="160" height="90" fill="#f3e9d6"/><circle cx="${x}" cy="50" r="16" fill="#c8642b"/></svg>`;
		frames.push(vp8Of(await sharp(Buffer.from(picture)).webp({ quality: 60 }).toBuffer()));
	}
	const step = 1000 / perSecond;
	const duration = Buffer.alloc(8);
	duration.writeDoubleBE(frames.length * step);
	const blocks = frames.map((frame, n) => {
		const head = Buffer.from([0x81, 0, 0, 0x80]);
		head.writeInt16BE(n * step, 1);
		return element([0xa3], Buffer.concat([head, frame]));
	});
	return Buffer.concat([
		element(
			[0x1a, 0x45, 0xdf, 0xa3],
			element([0x42, 0x86], number(1)),
			element([0x42, 0xf7], number(1)),
			element([0x42, 0xf2], number(4)),
			element([0x42, 0xf3], number(8)),
			element([0x42, 0x82], Buffer.from('webm')),
			element([0x42, 0x87], number(2)),
			element([0x42, 0x85], number(2))
		),
		element(
			[0x18, 0x53, 0x80, 0x67],
			element(
				[0x15, 0x49, 0xa9, 0x66],
				element([0x2a, 0xd7, 0xb1], number(1_000_000)),
				element([0x44, 0x89], duration),
				element([0x4d, 0x80], Buffer.from('tiny-media')),
				element([0x57, 0x41], Buffer.from('tiny-media'))
			),
			element(
				[0x16, 0x54, 0xae, 0x6b],
				element(
					[0xae],
					element([0xd7], number(1)),
					element([0x73, 0xc5], number(1)),
					element([0x83], number(1)),
					element([0x86], Buffer.from('V_VP8')),
					element([0xe0], element([0xb0], number(width)), element([0xba], number(height)))
				)
			),
			element([0x1f, 0x43, 0xb6, 0x75], element([0xe7], number(0)), ...blocks)
		)
	]);
}

/** The frame inside a lossy WebP (RIFF; chunk "VP8 "). */
function vp8Of(webp: Buffer): Uint8Array {
	for (let at = 12; at + 8 <= webp.length;) {
		const size = webp.readUInt32LE(at + 4);
		if (webp.toString('ascii', at, at + 4) === 'VP8 ') return webp.subarray(at + 8, at + 8 + size);
		at += 8 + size + (size % 2);
	}
	throw new Error('no VP8 frame in this WebP');
}

/** EBML (RFC 8794): id, size in eight bytes, content. */
function element(id: readonly number[], ...content: readonly Uint8Array[]): Buffer {
	const body = Buffer.concat(content);
	const size = Buffer.alloc(8);
	size.writeUInt32BE(body.length, 4);
	size[0] = 0x01;
	return Buffer.concat([Buffer.from(id), size, body]);
}

function number(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
}
