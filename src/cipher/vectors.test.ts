import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { concatBytes, decodeHex, encodeHex, encodeUtf8, memorySource } from '../bytes/index.ts';
import {
  type AesKey,
  cipherMode,
  decryptedSource,
  decryptStream,
  encryptStream,
  nobleBackend,
  nodeBackend,
  webcryptoBackend,
} from './index.ts';

interface ContentVector {
  readonly cipherMode: string;
  readonly keyHex: string;
  readonly plaintextLength: number;
  readonly result: 'ok' | 'rejected' | 'undefined';
  readonly ciphertextLength: number;
  readonly ciphertextSha256: string;
}

const file = '../shared/data/content-crypto-vectors.json';
const present = existsSync(file);
const data = present ? JSON.parse(readFileSync(file, 'utf8')) : { vectors: [], ivs: [] };
const vectors: readonly ContentVector[] = data.vectors;
const plaintextOf = (length: number) =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + Math.floor(i / 256) * 13 + 3) % 256);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.skipIf(!present)('the published content vectors (skipped where ../shared/data is absent)', () => {
  it('are all there', () => {
    expect(vectors.length).toBe(132);
    expect(data.ivs.length).toBe(42);
  });
});

describe.skipIf(!present).each([nodeBackend, webcryptoBackend, nobleBackend])(
  'the published vectors on the back-end $name',
  (backend) => {
    it('encrypt to the published bytes, whole', async () => {
      for (const vector of vectors) {
        const mode = cipherMode(vector.cipherMode);
        const plaintext = plaintextOf(vector.plaintextLength);
        const encryptor = await mode.encryptor(decodeHex(vector.keyHex), { backend });
        const output = new Uint8Array(plaintext.length + 32);
        if (vector.result === 'rejected') {
          expect(() => encryptor.encrypt(plaintext, 0, true, output)).toThrow(/multiples of 16/);
          continue;
        }
        const written = await encryptor.encrypt(plaintext, 0, true, output);
        if (vector.result === 'undefined') {
          expect(written).toBe(0);
          continue;
        }
        expect(written).toBe(vector.ciphertextLength);
        expect(mode.encryptedLength(plaintext.length)).toBe(written);
        const ciphertext = output.subarray(0, written);
        expect(sha256(ciphertext)).toBe(vector.ciphertextSha256);
        const decryptor = await mode.decryptor(decodeHex(vector.keyHex), new Uint8Array(0), { backend });
        const opened = new Uint8Array(written);
        const length = await decryptor.decrypt(ciphertext, 0, true, opened);
        expect(Buffer.compare(opened.subarray(0, length), plaintext)).toBe(0);
      }
    });

    it('stream in odd chunks and byte by byte, and open at any offset, with the published bytes', async () => {
      for (const vector of vectors.filter(({ result }) => result === 'ok')) {
        const mode = cipherMode(vector.cipherMode);
        const key = decodeHex(vector.keyHex);
        const plaintext = plaintextOf(vector.plaintextLength);
        let content: Uint8Array = new Uint8Array(0);
        for (const chunk of plaintext.length <= 1040 ? [1, 333] : [333]) {
          const options = { backend, windowLength: 4096 };
          content = await through(encryptStream(mode, key, options), plaintext, chunk);
          expect(content.length).toBe(vector.ciphertextLength);
          expect(sha256(content)).toBe(vector.ciphertextSha256);
          const opened = await through(decryptStream(mode, key, options), content, chunk);
          expect(Buffer.compare(opened, plaintext)).toBe(0);
        }
        const source = await decryptedSource(memorySource(content), mode, key, { backend });
        expect(source.size).toBe(plaintext.length);
        for (let offset = 0; offset <= plaintext.length; offset += 1 + Math.floor(plaintext.length / 5)) {
          const part = await source.read(offset, 700);
          expect(Buffer.compare(part, plaintext.subarray(offset, offset + 700))).toBe(0);
        }
      }
    });

    it('derive the published IVs, large segment numbers included', async () => {
      for (const iv of data.ivs) {
        const mode = cipherMode(iv.cipherMode.replace(/CBC4K$/, 'CBC4K.NOPADDING'));
        const encryptor = await mode.encryptor(decodeHex(iv.keyHex), { backend });
        const decryptor = await mode.decryptor(decodeHex(iv.keyHex), new Uint8Array(0), { backend });
        // A first block equal to its IV is encrypted as the zero block.
        const wanted = decodeHex(iv.ivHex);
        const output = new Uint8Array(16);
        await encryptor.encrypt(wanted, iv.blockNumber, true, output);
        const key = await backend.importKey(decodeHex(iv.keyHex));
        const ofZero = new Uint8Array(16);
        await key.ecbEncrypt(ofZero, ofZero);
        expect(encodeHex(output)).toBe(encodeHex(ofZero));
        await decryptor.decrypt(ofZero, iv.blockNumber, true, output);
        expect(encodeHex(output)).toBe(iv.ivHex);
      }
    });

    it('agree with the published unit tests', async () => {
      const { stream, aesEcb, aesCbc, aesCbcPkcs7 } = data.publishedUnitTestVectors;
      for (const { cipherMode: name, keyHex, plaintextUtf8, ciphertextHex } of stream) {
        const encryptor = await cipherMode(name).encryptor(decodeHex(keyHex), { backend });
        const output = new Uint8Array(32);
        const written = await encryptor.encrypt(encodeUtf8(plaintextUtf8), 0, true, output);
        expect(encodeHex(output.subarray(0, written))).toBe(ciphertextHex);
      }
      for (const row of aesEcb) {
        const key = await backend.importKey(decodeHex(row.keyHex));
        await expectBothWays(row.plaintextHex, row.ciphertextHex, {
          encrypt: (input, output) => key.ecbEncrypt(input, output),
          decrypt: (input, output) => key.ecbDecrypt(input, output),
        });
      }
      for (const row of aesCbc) await expectCbc(row.keyHex, row.ivHex, row.plaintextHex, row.ciphertextHex);
      for (const row of aesCbcPkcs7)
        await expectCbc(row.keyHex, row.ivHex, pkcs7(row.plaintextHex), row.ciphertextHex);
    });

    it('agree with the platform known-answer tests', async () => {
      const kat = JSON.parse(
        readFileSync('../shared/data/samples/crypto-kat/PlatformCryptoTest.json', 'utf8'),
      );
      for (const row of kat.testAESECB.rows) {
        const key = await backend.importKey(decodeHex(row.key));
        await expectBothWays(row.data, row.result, {
          encrypt: (input, output) => key.ecbEncrypt(input, output),
          decrypt: (input, output) => key.ecbDecrypt(input, output),
        });
      }
      for (const row of kat.testAESCBC.rows) await expectCbc(row.key, row.iv, row.data, row.result);
      for (const row of kat.testAESCBCPKCS7.rows)
        await expectCbc(row.key, row.iv, pkcs7(row.data), row.result);
      await expect(async () =>
        backend.importKey(decodeHex(kat.testAESECB_Bad.rows[0].key)),
      ).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    });

    async function expectCbc(keyHex: string, ivHex: string, plaintextHex: string, ciphertextHex: string) {
      const key: AesKey = await backend.importKey(decodeHex(keyHex));
      // The counter block whose encryption is the wanted IV.
      const counter = decodeHex(ivHex);
      await key.ecbDecrypt(counter, counter);
      await expectBothWays(plaintextHex, ciphertextHex, {
        encrypt: (input, output) => key.cbcEncrypt(input, output, 4096, counter),
        decrypt: (input, output) => key.cbcDecrypt(input, output, 4096, counter),
      });
    }
  },
);

async function through(
  transform: TransformStream<Uint8Array, Uint8Array>,
  input: Uint8Array,
  chunkLength: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < input.length; at += chunkLength) chunks.push(input.subarray(at, at + chunkLength));
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
  });
  const parts: Uint8Array[] = [];
  for await (const part of source.pipeThrough(transform)) parts.push(part);
  return concatBytes(parts);
}

type Transform = (input: Uint8Array, output: Uint8Array) => unknown;

async function expectBothWays(
  plaintextHex: string,
  ciphertextHex: string,
  { encrypt, decrypt }: { readonly encrypt: Transform; readonly decrypt: Transform },
) {
  const output = new Uint8Array(plaintextHex.length / 2);
  await encrypt(decodeHex(plaintextHex), output);
  expect(encodeHex(output)).toBe(ciphertextHex);
  await decrypt(decodeHex(ciphertextHex), output);
  expect(encodeHex(output)).toBe(plaintextHex);
}

function pkcs7(hex: string): string {
  const padding = 16 - ((hex.length / 2) % 16);
  return hex + padding.toString(16).padStart(2, '0').repeat(padding);
}
