export { mapiEntries, msgEntries } from './message-entries.ts';
export { readMapiStorage, readMsg } from './read-message.ts';
