export { findProtectedPart, type ProtectedPart } from './find-protected-part.ts';
export { mapiEntries, msgEntries } from './message-entries.ts';
export { type ProtectedMsgContents, protectedMsgEntries } from './protected-message.ts';
export { readMapiStorage, readMsg } from './read-message.ts';
export { restoredMsgEntries } from './restored-message.ts';
