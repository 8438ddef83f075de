import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ByteSource, decodeHex, memorySource } from '../../../bytes/index.ts';
import { cipherMode } from '../../../cipher/index.ts';
import { inflatedEnvelope } from './envelope/inflated-envelope.ts';
import { readRpmsgContent } from './inside/read-content.ts';
import { decryptedRpmsg, readRpmsg } from './read-rpmsg.ts';
import { bytesOf } from './rpmsg.test-support.ts';

interface Facts {
  readonly licenseSha256: string;
  readonly inflatedSha256: string;
  readonly originalSize: number;
  readonly plaintextSha256: string;
  readonly native: string;
  readonly codePage: number;
  readonly bodies: Readonly<Record<string, string>>;
  readonly attachments: readonly object[];
  readonly error?: undefined;
}

interface Vector {
  readonly name: string;
  readonly file: string;
  readonly why: string;
  readonly sha256: string;
  readonly keyHex: string;
  readonly licensedCipherMode: string;
  readonly expect: Facts | { readonly error: string };
}

const folder = new URL('../../../../test-vectors/rpmsg/', import.meta.url);
const { vectors } = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as {
  vectors: Vector[];
};
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const hashOf = async (source: ByteSource | undefined) =>
  source && sha256((await bytesOf(source)) as Uint8Array);

async function openVector(bytes: Uint8Array, { keyHex, licensedCipherMode }: Vector) {
  const rpmsg = await readRpmsg(memorySource(bytes));
  const mode = cipherMode(rpmsg.cipherModeFor(licensedCipherMode));
  const plaintext = await decryptedRpmsg(rpmsg, { mode, key: decodeHex(keyHex) });
  return { rpmsg, plaintext, message: await readRpmsgContent(plaintext) };
}

describe('the protected messages in test-vectors/rpmsg', () => {
  for (const vector of vectors)
    it(`${vector.name}: ${vector.why}`, async () => {
      const bytes = new Uint8Array(readFileSync(new URL(vector.file, folder)));
      expect(sha256(bytes)).toBe(vector.sha256);
      const expected = vector.expect;
      if (expected.error !== undefined) {
        await expect(openVector(bytes, vector)).rejects.toMatchObject({ code: expected.error });
        return;
      }
      const { rpmsg, plaintext, message } = await openVector(bytes, vector);
      expect(sha256(rpmsg.publishingLicense)).toBe(expected.licenseSha256);
      expect(await hashOf(await inflatedEnvelope(memorySource(bytes)))).toBe(expected.inflatedSha256);
      expect(rpmsg.originalSize).toBe(expected.originalSize);
      expect(await hashOf(plaintext)).toBe(expected.plaintextSha256);
      const { body, attachments } = message;
      expect([body?.native, body?.codePage]).toEqual([expected.native, expected.codePage]);
      const main = body?.native === 'plain' ? body.plain : body?.html;
      expect(await hashOf(main)).toBe(expected.bodies['BodyPT-HTML']);
      expect(await hashOf(body?.rtf)).toBe(expected.bodies.BodyRTF);
      const found = [];
      for (const each of attachments)
        found.push({
          name: each.name,
          contentId: each.contentId ?? null,
          inline: each.inline,
          sha256: await hashOf(each.kind === 'file' ? each.content : undefined),
        });
      expect(found).toEqual(expected.attachments);
    });
});
