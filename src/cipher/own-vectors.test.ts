import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { concatBytes, decodeHex } from '../bytes/index.ts';
import { cipherMode, decryptStream, nobleBackend, nodeBackend, webcryptoBackend } from './index.ts';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../test-vectors/cipher/${name}`, import.meta.url), 'utf8'));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const gcm64k = read('gcm64k.json');
const microsoft = read('microsoft-modes.json');

function plaintextOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 7 + Math.floor(i / 256) * 13 + 3) % 256;
  return bytes;
}

interface Row {
  readonly cipherMode?: string;
  readonly keyHex: string;
  readonly plaintextLength: number;
  readonly firstSegment?: number;
  readonly bindingHex?: string;
  readonly saltHex?: string;
  readonly contentLength: number;
  readonly contentSha256: string;
}

describe.each([nodeBackend, webcryptoBackend, nobleBackend])('test-vectors/cipher on $name', (backend) => {
  async function check(row: Row) {
    const mode = cipherMode(row.cipherMode ?? 'SEALWRIGHT.GCM64K');
    const options = {
      backend,
      binding: decodeHex(row.bindingHex ?? ''),
      randomBytes: () => decodeHex(row.saltHex ?? ''),
    };
    const encryptor = await mode.encryptor(decodeHex(row.keyHex), options);
    const content = new Uint8Array(row.contentLength);
    content.set(encryptor.preamble);
    const body = content.subarray(mode.preambleLength);
    await encryptor.encrypt(plaintextOf(row.plaintextLength), row.firstSegment ?? 0, true, body);
    expect(sha256(content)).toBe(row.contentSha256);
    const decryptor = await mode.decryptor(decodeHex(row.keyHex), encryptor.preamble, options);
    const opened = new Uint8Array(row.plaintextLength);
    expect(await decryptor.decrypt(body, row.firstSegment ?? 0, true, opened)).toBe(opened.length);
    expect(sha256(opened)).toBe(sha256(plaintextOf(row.plaintextLength)));
  }

  it('encrypts and decrypts every case of the Microsoft modes', async () => {
    for (const row of microsoft.cases) await check(row);
  });

  it('counts segments beyond 32 bits', async () => {
    for (const row of microsoft.far) await check(row);
  });

  it('encrypts and decrypts every case of GCM64K', async () => {
    for (const row of gcm64k.cases) await check(row);
  });

  it('refuses every change that the GCM64K vectors name', async () => {
    const { of, changes } = gcm64k.refused;
    const row: Required<Row> = gcm64k.cases.find(
      (each: Row) => each.plaintextLength === of.plaintextLength && each.bindingHex === of.bindingHex,
    );
    const mode = cipherMode('SEALWRIGHT.GCM64K');
    const key = decodeHex(row.keyHex);
    const encryptor = await mode.encryptor(key, {
      backend,
      binding: decodeHex(row.bindingHex),
      randomBytes: () => decodeHex(row.saltHex),
    });
    const content = new Uint8Array(row.contentLength);
    content.set(encryptor.preamble);
    await encryptor.encrypt(plaintextOf(row.plaintextLength), 0, true, content.subarray(32));
    for (const { change, length, offset, bindingHex, code } of changes) {
      let changed = content.slice();
      if (change === 'truncate') changed = changed.slice(0, length);
      if (change === 'flip') changed[offset] = (changed[offset] as number) ^ 1;
      if (change === 'append') changed = concatBytes([changed, new Uint8Array(length)]) as typeof changed;
      if (change === 'swap') {
        changed.set(content.subarray(32 + 65_552), 32);
        changed.set(content.subarray(32, 32 + 65_552), 32 + 65_552);
      }
      const binding = decodeHex(bindingHex ?? row.bindingHex);
      const stream = new Blob([changed]).stream().pipeThrough(decryptStream(mode, key, { backend, binding }));
      await expect(new Response(stream).arrayBuffer()).rejects.toMatchObject({ code });
    }
  });
});
