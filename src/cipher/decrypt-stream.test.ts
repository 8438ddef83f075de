import { describe, expect, it } from 'vitest';
import { concatBytes } from '../bytes/index.ts';
import { cipherMode, decryptStream } from './index.ts';

const key = Uint8Array.from({ length: 32 }, (_, i) => i + 7);

async function encrypted(name: string, length: number): Promise<Uint8Array> {
  const mode = cipherMode(name);
  const encryptor = await mode.encryptor(key);
  const output = new Uint8Array(mode.encryptedLength(length));
  await encryptor.encrypt(new Uint8Array(length).fill(0xab), 0, true, output);
  return output;
}

async function opened(name: string, content: Uint8Array): Promise<{ bytes: Uint8Array; code?: string }> {
  const parts: Uint8Array[] = [];
  try {
    const stream = new Blob([content as Uint8Array<ArrayBuffer>]).stream();
    for await (const part of stream.pipeThrough(decryptStream(cipherMode(name), key))) parts.push(part);
    return { bytes: concatBytes(parts) };
  } catch (error) {
    return { bytes: concatBytes(parts), code: (error as { code: string }).code };
  }
}

describe('decryptStream', () => {
  it('refuses CBC4K content cut inside a block, and empty content', async () => {
    const content = await encrypted('MICROSOFT.CBC4K', 8200);
    for (const length of [0, 1, 15, 17, 4095, 4097, 8207])
      expect((await opened('MICROSOFT.CBC4K', content.subarray(0, length))).code).toBe('DECRYPTION_FAILED');
  });

  it('refuses CBC4K content cut between blocks, unless chance makes valid padding', async () => {
    const content = await encrypted('MICROSOFT.CBC4K', 8200);
    // The plaintext is 0xab throughout, which is no padding: every cut inside a segment fails.
    for (let length = 16; length < content.length; length += 16)
      expect((await opened('MICROSOFT.CBC4K', content.subarray(0, length))).code).toBe('DECRYPTION_FAILED');
  });

  it('refuses content of the modes without padding that is cut inside a block', async () => {
    for (const name of ['MICROSOFT.CBC4K.NOPADDING', 'MICROSOFT.CBC512.NOPADDING', 'MICROSOFT.ECB']) {
      const content = await encrypted(name, 1024);
      expect((await opened(name, content.subarray(0, 1020))).code).toBe('DECRYPTION_FAILED');
      // Cut between blocks it opens: these modes do not notice.
      expect((await opened(name, content.subarray(0, 1008))).bytes.length).toBe(1008);
    }
  });

  it('refuses content under another key', async () => {
    const mode = cipherMode('MICROSOFT.CBC4K');
    const decryptor = await mode.decryptor(new Uint8Array(32).fill(9), new Uint8Array(0));
    const content = await encrypted('MICROSOFT.CBC4K', 100);
    expect(() => decryptor.decrypt(content, 0, true, new Uint8Array(200))).toThrow(
      expect.objectContaining({ code: 'DECRYPTION_FAILED' }),
    );
  });
});
