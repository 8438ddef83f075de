import { describe, expect, it } from 'vitest';
import { concatBytes, encodeUtf8, memorySource } from '../../bytes/index.ts';
import {
  cipherMode,
  decryptedSource,
  decryptStream,
  nobleBackend,
  nodeBackend,
  webcryptoBackend,
} from '../index.ts';

const mode = cipherMode('SEALWRIGHT.GCM64K');
const key = Uint8Array.from({ length: 32 }, (_, i) => i ^ 0x5a);
const binding = encodeUtf8('a container header');
const unit = mode.encryptedSegmentLength;
function bytesOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 17 + (i >> 9)) & 0xff;
  return bytes;
}

function sealed(plaintext: Uint8Array, from = key): Uint8Array {
  const encryptor = mode.encryptor(from, { binding });
  if (encryptor instanceof Promise) throw new Error('these tests need a synchronous back-end');
  const output = new Uint8Array(mode.encryptedLength(plaintext.length));
  output.set(encryptor.preamble);
  encryptor.encrypt(plaintext, 0, true, output.subarray(32));
  return output;
}

interface Attempt {
  readonly released: Uint8Array;
  readonly code: string | undefined;
}

/** Streams `content` through the decryptor in small windows and keeps whatever comes out. */
async function streamed(content: Uint8Array, options: object = {}): Promise<Attempt> {
  const parts: Uint8Array[] = [];
  try {
    const source = new Blob([content as Uint8Array<ArrayBuffer>]).stream();
    const transform = decryptStream(mode, key, { binding, windowLength: 1, ...options });
    for await (const part of source.pipeThrough(transform)) parts.push(part);
    return { released: concatBytes(parts), code: undefined };
  } catch (error) {
    return { released: concatBytes(parts), code: (error as { code: string }).code };
  }
}

async function randomAccess(content: Uint8Array, options: object = {}): Promise<Attempt> {
  const parts: Uint8Array[] = [];
  try {
    const source = await decryptedSource(memorySource(content), mode, key, { binding, ...options });
    for (let offset = 0; offset < (source.size ?? 0); offset += 65_536)
      parts.push((await source.read(offset, 65_536)).slice());
    return { released: concatBytes(parts), code: undefined };
  } catch (error) {
    return { released: concatBytes(parts), code: (error as { code: string }).code };
  }
}

const plaintext = bytesOf(3 * 65_536 + 1000);
const content = sealed(plaintext);

async function expectRefused(changed: Uint8Array, options: object = {}) {
  const attempts = [await streamed(changed, options), await randomAccess(changed, options)];
  for (const { released, code } of attempts) {
    expect(['DECRYPTION_FAILED', 'MALFORMED_CONTAINER']).toContain(code);
    // Whatever came out before the failure is true to the original.
    expect(Buffer.compare(released, plaintext.subarray(0, released.length))).toBe(0);
  }
  expect(attempts[0]?.code).toBe('DECRYPTION_FAILED');
  return attempts as [Attempt, Attempt];
}

describe('SEALWRIGHT.GCM64K', () => {
  it('opens what it sealed', async () => {
    expect(Buffer.compare((await streamed(content)).released, plaintext)).toBe(0);
    expect(Buffer.compare((await randomAccess(content)).released, plaintext)).toBe(0);
  });

  it('refuses truncation at every segment boundary and around it, and random access releases nothing', async () => {
    for (let segments = 0; segments <= 3; segments++)
      for (const off of [-17, -16, -1, 0, 1, 15, 16, 17]) {
        const length = 32 + segments * unit + off;
        if (length < 0) continue;
        const [, seeking] = await expectRefused(content.subarray(0, length));
        expect(seeking.released.length).toBe(0);
      }
    for (const length of [0, 1, 31]) await expectRefused(content.subarray(0, length));
  });

  it('refuses one flipped bit anywhere: salt, every segment body, every tag', async () => {
    const places = [0, 31];
    for (let at = 32; at < content.length; at += unit) {
      const end = Math.min(at + unit, content.length);
      places.push(at, at + 500, end - 17, end - 16, end - 1);
    }
    for (const place of places) {
      const changed = content.slice();
      changed[place] = (changed[place] as number) ^ (1 << (place % 8));
      const [streaming] = await expectRefused(changed);
      const segment = Math.max(0, Math.floor((place - 32) / unit));
      expect(streaming.released.length).toBeLessThanOrEqual(segment * 65_536);
    }
  });

  it('refuses another binding, no binding, and another key', async () => {
    await expectRefused(content, { binding: encodeUtf8('a container headeR') });
    await expectRefused(content, { binding: undefined });
    await expectRefused(sealed(plaintext, new Uint8Array(32)));
  });

  it('refuses swapped, repeated and left-out segments', async () => {
    const salt = content.subarray(0, 32);
    const part = (n: number) => content.subarray(32 + n * unit, 32 + (n + 1) * unit);
    for (const order of [
      [1, 0, 2, 3],
      [0, 2, 1, 3],
      [0, 0, 2, 3],
      [0, 1, 3],
      [0, 1, 2, 2],
      [0, 1, 2, 3, 3],
      [3],
    ])
      await expectRefused(concatBytes([salt, ...order.map(part)]));
  });

  it('refuses appended bytes, whole segments and an empty segment included', async () => {
    for (const extra of [1, 16, 17, unit]) await expectRefused(concatBytes([content, new Uint8Array(extra)]));
    const full = sealed(bytesOf(65_536));
    for (const extra of [1, 16, 17, unit]) {
      const { code } = await streamed(concatBytes([full, new Uint8Array(extra)]));
      expect(code).toBe('DECRYPTION_FAILED');
    }
  });

  it('refuses segments of another content under the same key', async () => {
    const other = sealed(bytesOf(plaintext.length));
    for (let segment = 0; segment < 4; segment++) {
      const mixed = content.slice();
      mixed.set(other.subarray(32 + segment * unit, 32 + (segment + 1) * unit), 32 + segment * unit);
      await expectRefused(mixed);
    }
  });

  it('refuses a whole last segment presented as one of the middle, and the reverse', async () => {
    const encryptor = mode.encryptor(key, { binding });
    if (encryptor instanceof Promise) throw new Error('these tests need a synchronous back-end');
    const cut = new Uint8Array(32 + unit);
    cut.set(encryptor.preamble);
    encryptor.encrypt(bytesOf(65_536), 0, false, cut.subarray(32));
    expect((await streamed(cut)).code).toBe('DECRYPTION_FAILED');
    expect((await randomAccess(cut)).code).toBe('DECRYPTION_FAILED');
  });

  it('gives each plaintext length one content length and refuses the lengths in between', () => {
    for (const length of [0, 1, 65_535, 65_536, 65_537, 131_072, 131_073, 2 ** 40]) {
      const encrypted = mode.encryptedLength(length);
      expect(mode.plaintextLengthBounds(encrypted)).toEqual({ minimum: length, maximum: length });
    }
    for (const encrypted of [0, 31, 32, 47, 32 + unit + 1, 32 + unit + 16])
      expect(() => mode.plaintextLengthBounds(encrypted)).toThrow(
        expect.objectContaining({ code: 'MALFORMED_CONTAINER' }),
      );
    expect(mode.encryptedLength(0)).toBe(48);
    expect(() => mode.encryptedLength(2 ** 53 - 1)).toThrow();
  });

  it('takes keys of 32 bytes only', () => {
    for (const length of [0, 16, 24, 31, 33])
      expect(() => mode.encryptor(new Uint8Array(length))).toThrow(/32 bytes/);
  });

  it.each([nodeBackend, webcryptoBackend, nobleBackend])('gives the same bytes on $name', async (backend) => {
    const randomBytes = () => new Uint8Array(32).fill(3);
    const first = await mode.encryptor(key, { binding, randomBytes, backend: nobleBackend });
    const second = await mode.encryptor(key, { binding, randomBytes, backend });
    const output = [new Uint8Array(140_000), new Uint8Array(140_000)] as const;
    for (const segment of [0, 5, 2 ** 32 - 1, 2 ** 32 + 3]) {
      await first.encrypt(plaintext.subarray(0, 131_080), segment, true, output[0]);
      await second.encrypt(plaintext.subarray(0, 131_080), segment, true, output[1]);
      expect(Buffer.compare(output[0], output[1])).toBe(0);
    }
  });

  it.each([nodeBackend, webcryptoBackend, nobleBackend])(
    'zeroes the output on failure on $name',
    async (backend) => {
      const changed = content.slice();
      changed[changed.length - 1] = (changed[changed.length - 1] as number) ^ 1;
      const decryptor = await mode.decryptor(key, changed.subarray(0, 32), { binding, backend });
      const output = new Uint8Array(plaintext.length).fill(7);
      await expect(async () =>
        decryptor.decrypt(changed.subarray(32), 0, true, output),
      ).rejects.toMatchObject({
        code: 'DECRYPTION_FAILED',
      });
      expect(output.every((byte) => byte === 0)).toBe(true);
    },
  );
});
