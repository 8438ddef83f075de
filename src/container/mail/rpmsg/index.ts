export { isRpmsg } from './envelope/block.ts';
export { type EnvelopeSink, envelopeSink } from './envelope/envelope-sink.ts';
export { inflatedEnvelope } from './envelope/inflated-envelope.ts';
export { readRpmsgContent } from './inside/read-content.ts';
export { piecesWriter } from './pieces-writer.ts';
export { decryptedRpmsg, type ProtectedRpmsg, readRpmsg } from './read-rpmsg.ts';
export { type RpmsgContents, type RpmsgWriter, rpmsgWriter } from './rpmsg-writer.ts';
