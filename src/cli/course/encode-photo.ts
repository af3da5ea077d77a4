/**
 * A photo as WebP, no larger than an edition needs. The same bytes in make the same bytes out: one version of the
 * encoder (the lockfile pins it), fixed settings, no metadata.
 */
import { createHash } from 'node:crypto';
import type { Edition } from '#lib/domain/authoring/course-source.ts';
import { SourceError } from './source-error.ts';

export type EncodedPhoto = { readonly bytes: Uint8Array; readonly width: number; readonly height: number };

/** CSS pixels of the longer side, and WebP's quality. */
const SETTINGS = { standard: { side: 640, quality: 62 }, rich: { side: 1280, quality: 74 } } as const;

/** A preview builds the same course again and again. */
const done = new Map<string, Promise<EncodedPhoto>>();

/** @throws SourceError when the file is no picture, PhotoToolMissing when this machine has no encoder. */
export function encodePhoto(name: string, bytes: Uint8Array, edition: Exclude<Edition, 'text'>): Promise<EncodedPhoto> {
	const key = `${edition}/${createHash('sha256').update(bytes).digest('hex')}`;
	const before = done.get(key);
	if (before !== undefined) return before;
	const encoded = encode(name, bytes, edition);
	done.set(key, encoded);
	encoded.catch(() => done.delete(key));
	return encoded;
}

/** Only courses with photos need the encoder, so everything else works where it has no build. */
export class PhotoToolMissing extends Error {
	constructor(name: string, cause: unknown) {
		super(
			`pictures/${name} has to be made small enough for phones, and the tool for that (sharp) does not run here (${process.platform}, ${process.arch}). ` +
				'Install it with "npm ci --include=optional". Where that does not help: build on another machine, build with --edition text, or draw the picture as SVG.',
			{ cause }
		);
		this.name = 'PhotoToolMissing';
	}
}

async function encode(name: string, bytes: Uint8Array, edition: 'standard' | 'rich'): Promise<EncodedPhoto> {
	const sharp = await loadSharp(name);
	const { side, quality } = SETTINGS[edition];
	try {
		const { data, info } = await sharp(bytes)
			.autoOrient()
			.resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
			.webp({ quality, effort: 6 })
			.toBuffer({ resolveWithObject: true });
		return { bytes: data, width: info.width, height: info.height };
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : String(cause);
		throw new SourceError(`pictures/${name}`, 1, `cannot be read as a picture: ${reason}`);
	}
}

async function loadSharp(name: string): Promise<(typeof import('sharp'))['default']> {
	try {
		return (await import('sharp')).default;
	} catch (cause) {
		throw new PhotoToolMissing(name, cause);
	}
}
