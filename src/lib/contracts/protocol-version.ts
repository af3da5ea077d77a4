/**
 * Version of what crosses the wire between device and server. A test hashes the schemas: change one, bump this and add
 * a line here.
 * 1: first version (push, pull, sign-in, capability).
 */
export const PROTOCOL_VERSION = 1;
