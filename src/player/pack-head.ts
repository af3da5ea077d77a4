/** The first entry of a pack: its manifest (contracts/pack-manifest.ts), read from the bytes as they come. */
import * as v from 'valibot';
import { PACK_MANIFEST_NAME, packManifestSchema, type PackManifest } from '#lib/contracts/pack-manifest.ts';

/** Local file header, ZIP APPNOTE 4.3.7. */
const HEADER_BYTES = 30;
const SIGNATURE = 0x04034b50;

export type PackHead = {
	readonly manifest: PackManifest;
	/** Where the offsets of the manifest count from. */
	readonly dataStart: number;
};

/**
 * @returns how many bytes from the start are needed, when `bytes` are too few
 * @throws when these are not the bytes of a pack
 */
export async function readPackHead(bytes: Uint8Array<ArrayBuffer>): Promise<PackHead | { readonly needs: number }> {
	if (bytes.length < HEADER_BYTES) return { needs: HEADER_BYTES };
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const method = view.getUint16(8, true);
	if (view.getUint32(0, true) !== SIGNATURE || ![0, 8].includes(method)) throw new TypeError('not a pack');
	const [crc, length] = [view.getUint32(14, true), view.getUint32(18, true)];
	const nameEnd = HEADER_BYTES + view.getUint16(26, true);
	const dataStart = nameEnd + view.getUint16(28, true) + length;
	if (bytes.length < dataStart) return { needs: dataStart };
	const text = new TextDecoder('utf-8', { fatal: true });
	if (text.decode(bytes.subarray(HEADER_BYTES, nameEnd)) !== PACK_MANIFEST_NAME) throw new TypeError('not a pack');
	const stored = bytes.subarray(dataStart - length, dataStart);
	const json = method === 8 ? await inflate(stored) : stored;
	if (crc32(json) !== crc) throw new TypeError('damaged manifest');
	return { manifest: v.parse(packManifestSchema, JSON.parse(text.decode(json))), dataStart };
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
	const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
	return new Uint8Array(await new Response(plain).arrayBuffer());
}

function crc32(bytes: Uint8Array): number {
	let crc = ~0;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc >>> 0;
}
