import { describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../../../src/authority/index.ts';
import {
  type ByteSource,
  concatenatedSource,
  encodeUtf8,
  memorySource,
  sliceSource,
} from '../../../src/bytes/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../../../src/container/compound-file/layout.ts';
import { readMime } from '../../../src/container/mail/mime/index.ts';
import { msgEntries } from '../../../src/container/mail/msg/index.ts';
import { doNotForward, open, protect } from '../../../src/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../../src/license/index.ts';

const mebibyte = 1024 * 1024;
/** Bytes of the attachments. */
const large = 8 * mebibyte;
/** Bytes that reading may be ahead of writing: a few windows. */
const mayBeAhead = 3 * mebibyte;

const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const authority = await createAuthority({ store: createMemoryStore(), custodian, name: 'Contoso' });
const alice = authority.as('alice@contoso.com');
const bob = authority.as('bob@contoso.com');
const policy = doNotForward(['bob@contoso.com']);

/** Bytes that nobody holds: they are made when they are read, from a line that is repeated. */
function repeated(line: Uint8Array, times: number): ByteSource {
  const size = line.length * times;
  const source: ByteSource = {
    size,
    seekable: true,
    read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      for (let at = 0; at < bytes.length; ) {
        const from = (offset + at) % line.length;
        const part = line.subarray(from, from + bytes.length - at);
        bytes.set(part, at);
        at += part.length;
      }
      return bytes;
    },
    slice: (offset, length) => sliceSource(source, offset, length),
  };
  return source;
}

const joined = (...parts: readonly (string | ByteSource)[]): ByteSource =>
  concatenatedSource(parts.map((part) => (typeof part === 'string' ? memorySource(encodeUtf8(part)) : part)));

/** A MIME message with one attachment, in base64 that is made while it is read. */
const message = (name: string, base64: ByteSource): ByteSource =>
  joined(
    `From: alice@contoso.com\r\nTo: bob@contoso.com\r\nSubject: large\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
    base64,
    '--b--\r\n',
  );

/** 57 bytes in a line of 76 characters. */
const line = encodeUtf8(
  `${Buffer.from('All work and no play makes Jack a dull boy, or so says he').toString('base64')}\r\n`,
);
const lines = Math.ceil(large / 57);

/** The same as an Outlook item, whose attachment is decoded when it is read. */
async function item(source: ByteSource): Promise<ByteSource> {
  return compoundFileSource(layoutCompoundFile(await msgEntries(await readMime(source))));
}

/** A source that tells how far it was read last. */
function watched(source: ByteSource): { readonly source: ByteSource; readonly position: () => number } {
  let position = 0;
  const watching: ByteSource = {
    size: source.size,
    seekable: source.seekable,
    read(offset, length, options) {
      position = Math.min(offset + length, source.size ?? 0);
      return source.read(offset, length, options);
    },
    slice: (offset, length) => sliceSource(watching, offset, length),
  };
  return { source: watching, position: () => position };
}

type Write = (sink: { write(bytes: Uint8Array): void }) => Promise<unknown>;

/**
 * How far reading was from writing at most, in bytes of the source. What is read while it is written, in step, is held
 * nowhere; a message that was collected before it is written would have been read to its end.
 */
async function distance(size: number, position: () => number, write: Write) {
  const places: (readonly [read: number, written: number])[] = [];
  let written = 0;
  await write({
    write(bytes) {
      written += bytes.length;
      places.push([position(), written]);
    },
  });
  const ratio = size / written;
  // Before the first byte of an attachment is written, its size was counted.
  const within = places.filter(([, at]) => at > written / 4 && at < (written * 3) / 4);
  return { written, most: Math.max(...within.map(([read, at]) => Math.abs(read - at * ratio))) };
}

describe('a message with a large attachment', () => {
  it.each([
    ['m.eml', 'a MIME message', async () => message('large.bin', repeated(line, lines))],
    ['m.msg', 'an Outlook item', () => item(message('large.bin', repeated(line, lines)))],
  ] as const)('%s: %s is read while it is protected, and not held', async (name, _what, source) => {
    const input = watched(await source());
    const made = await protect(input.source, { service: alice, policy, name });
    const { size = 0 } = input.source;
    const { most, written } = await distance(size, input.position, (sink) => made.writeTo(sink));
    expect(written).toBeGreaterThan(large);
    expect(most).toBeLessThan(mayBeAhead);
  });

  it.each([
    ['m.eml', async () => message('large.bin', repeated(line, lines))],
    ['m.msg', () => item(message('large.bin', repeated(line, lines)))],
  ] as const)('%s is read while it is opened, and not held', async (name, source) => {
    const original = await source();
    const made = await protect(original, { service: alice, policy, name });
    const input = watched(memorySource(await made.bytes()));
    const opened = await open(input.source, { service: bob, name });
    const { size = 0 } = input.source;
    const { most, written } = await distance(size, input.position, (sink) => opened.writeTo(sink));
    opened.close();
    expect(written).toBe(original.size);
    expect(most).toBeLessThan(mayBeAhead);
  });
});
