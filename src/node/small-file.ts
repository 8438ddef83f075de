/**
 * Up to this many bytes, blocking calls are used for content too: a wait in the background costs some 50
 * to 100 microseconds, which is more than it takes to read or write that much (spec/files.md, "Speed").
 */
export const smallFileLength = 256 * 1024;
