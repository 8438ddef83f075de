// Files as streams, in large chunks: what suits every peer best.
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable, Writable } from 'node:stream';

const chunk = { highWaterMark: 1024 * 1024 };

export const readable = (path) => createReadStream(path, chunk);
export const writable = (path) => createWriteStream(path, { ...chunk, mode: 0o600 });
export const webReadable = (path) => Readable.toWeb(readable(path));
export const webWritable = (path) => Writable.toWeb(writable(path));
