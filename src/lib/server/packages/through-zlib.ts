/** Chunks through a zlib stream with back-pressure on both sides. Errors of the source and of zlib both reach the reader; leaving early stops both. */
import type { Transform } from 'node:stream';

export async function* throughZlib(
	source: AsyncIterable<Buffer>,
	stream: Transform
): AsyncGenerator<Buffer, void, undefined> {
	const fed = feed(source, stream);
	try {
		for await (const chunk of stream) yield chunk as Buffer;
	} finally {
		stream.destroy();
		await fed;
	}
}

export function isZlibError(error: unknown): boolean {
	return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

async function feed(source: AsyncIterable<Buffer>, stream: Transform): Promise<void> {
	try {
		for await (const chunk of source) {
			// Ended: bytes after the end of the compressed data. Destroyed: the reader left.
			if (stream.destroyed || stream.readableEnded) return;
			if (!stream.write(chunk)) await untilWritable(stream);
		}
		stream.end();
	} catch (error) {
		stream.destroy(error as Error);
	}
}

function untilWritable(stream: Transform): Promise<void> {
	const events = ['drain', 'close', 'end'] as const;
	return new Promise((resolve) => {
		const settle = () => {
			for (const event of events) stream.off(event, settle);
			resolve();
		};
		for (const event of events) stream.on(event, settle);
		if (stream.destroyed) settle();
	});
}
