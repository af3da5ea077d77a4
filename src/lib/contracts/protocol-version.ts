/**
 * Version of what crosses the wire between device and server. A test hashes the schemas: change one, bump this and add
 * a line here.
 * 1: first version (push, pull, sign-in, capability).
 * 2: a course card may carry the course's record and the date of its publication.
 */
export const PROTOCOL_VERSION = 2;
