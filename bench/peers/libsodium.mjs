// libsodium-wrappers (WebAssembly): secretstream, XChaCha20-Poly1305 in messages of 64 KiB. Detects changes.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import sodium from 'libsodium-wrappers';
import { writable } from './file-streams.mjs';

const message = 64 * 1024;

export const makeKeys = () => ({ key: randomBytes(32).toString('hex') });

export async function encrypt(from, to, keys) {
  await sodium.ready;
  const key = Uint8Array.from(Buffer.from(keys.key, 'hex'));
  const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
  const { MESSAGE, FINAL } = tags();
  await through(from, to, message, header, (part, last) =>
    sodium.crypto_secretstream_xchacha20poly1305_push(state, part, null, last ? FINAL : MESSAGE),
  );
}

export async function decrypt(from, to, keys) {
  await sodium.ready;
  const key = Uint8Array.from(Buffer.from(keys.key, 'hex'));
  const headerLength = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES;
  const header = new Uint8Array(headerLength);
  const file = openSync(from, 'r');
  readSync(file, header);
  closeSync(file);
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key);
  const sealed = message + sodium.crypto_secretstream_xchacha20poly1305_ABYTES;
  await through(
    from,
    to,
    sealed,
    undefined,
    (part, last) => {
      const opened = sodium.crypto_secretstream_xchacha20poly1305_pull(state, part);
      if (!opened || (last && opened.tag !== tags().FINAL)) throw new Error('The content was changed.');
      return opened.message;
    },
    headerLength,
  );
}

const tags = () => ({
  MESSAGE: sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE,
  FINAL: sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL,
});

/** Reads parts of one length, and sixteen of them at a time; a part is the last if nothing follows it. */
async function through(from, to, length, first, change, skip = 0) {
  const file = openSync(from, 'r');
  const output = writable(to);
  const done = finished(output);
  if (first) output.write(first);
  let position = skip;
  const read = (chunk) => {
    const got = readSync(file, chunk, 0, chunk.length, position);
    position += got;
    return chunk.subarray(0, got);
  };
  let here = read(new Uint8Array(length * 16));
  let spare = new Uint8Array(length * 16);
  while (here.length > 0) {
    const next = read(spare);
    for (let at = 0; at < here.length; at += length) {
      const part = here.subarray(at, at + length);
      const last = next.length === 0 && at + length >= here.length;
      if (!output.write(change(part, last))) await once(output, 'drain');
    }
    spare = new Uint8Array(here.buffer);
    here = next;
  }
  closeSync(file);
  output.end();
  await done;
}
