import { PROTOCOL_VERSION } from '#lib/contracts/protocol-version.ts';

/** Does the device speak a newer protocol than this server? It keeps its data and comes back when the server is updated. */
export function isNewerProtocol(request: Request): boolean {
	const version = Number(request.headers.get('x-waypost-protocol') ?? PROTOCOL_VERSION);
	return Number.isInteger(version) && version > PROTOCOL_VERSION;
}
