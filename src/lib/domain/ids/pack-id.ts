/**
 * Short name of a pack: the first 20 hex digits (80 bit) of the SHA-256 of its bytes. It fits a DNS label
 * ("c-<pack id>") and costs 10 bytes on the wire; the full hash stands in the package record and is what is verified.
 */
export function packIdOf(sha256: string): string {
	return sha256.slice(0, 20);
}
