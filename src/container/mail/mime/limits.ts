/** What a message may claim at most; beyond it reading fails with `LIMIT_EXCEEDED`. */
export const mimeLimits = {
  /** Parts of one message, those of messages within it included. */
  parts: 10_000,
  /** Multiparts and messages within each other. */
  depth: 64,
  /** Bytes of the header fields of one part. */
  headerBytes: 256 * 1024,
  /** Bytes of the header fields of all parts together. */
  allHeaderBytes: 8 * 1024 * 1024,
  /** Characters of a boundary; RFC 2046 allows 70. Longer ones are none. */
  boundaryCharacters: 256,
  /** Messages within messages that are read as such; those deeper down are files. */
  nestedMessages: 8,
  /** Bytes of a skeleton; the message of a larger one is written anew. */
  skeletonBytes: 1024 * 1024,
  /** Characters of a charset's or a type's name that are looked at. */
  tokenCharacters: 128,
} as const;
