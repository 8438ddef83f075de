import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../authority/index.ts';
import { memorySource } from '../bytes/index.ts';
import { type CompoundFileChanges, readCompoundFile, rewriteCompoundFile } from '../container/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../license/index.ts';
import { inspect, open, protect } from './index.ts';

const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const authority = await createAuthority({ store: createMemoryStore(), custodian, name: 'Contoso' });
const service = authority.as('alice@contoso.com');
const policy = { grants: [{ to: 'alice@contoso.com', rights: ['OWNER'] }] };
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();

function documentOf(length: number, seed: number): Uint8Array {
  const media = Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 7 + seed) & 0xff);
  const parts = { '[Content_Types].xml': strToU8('<Types/>'), 'word/media/image.png': media };
  return zipSync(parts, { level: 0 });
}

const protectedBytes = async (plaintext: Uint8Array): Promise<Uint8Array> =>
  (await protect(plaintext, { service, policy, name: 'a.docx' })).bytes();

async function streamIn(bytes: Uint8Array, ...path: readonly string[]): Promise<Uint8Array> {
  const file = await readCompoundFile(memorySource(bytes));
  const entry = file.find(...path);
  if (entry?.kind !== 'stream') throw new Error(`no stream ${path.join('/')}`);
  return file.read(entry, 2 ** 24);
}

async function changed(bytes: Uint8Array, changes: CompoundFileChanges): Promise<Uint8Array> {
  const source = rewriteCompoundFile(await readCompoundFile(memorySource(bytes)), changes);
  return (await source.read(0, source.size as number)).slice();
}

const content = 'EncryptedPackage';
const primary = ['\x06DataSpaces', 'TransformInfo', 'DRMEncryptedTransform', '\x06Primary'] as const;
// More than one window, so that the beginning could be given out before the end was looked at.
const plaintext = documentOf(1_200_000, 1);
const original = await protectedBytes(plaintext);
const other = await protectedBytes(documentOf(1_200_000, 2));

/** Opens in each way there is, and tells of each what came out and how it ended. */
async function attempts(bytes: Uint8Array) {
  const ways = ['bytes', 'stream', 'writeTo', 'source'] as const;
  const results: { way: string; given: number; code: string | undefined }[] = [];
  for (const way of ways) {
    let given = 0;
    try {
      const opened = await open(bytes, { service });
      const write = (part: Uint8Array): void => {
        given += part.length;
      };
      if (way === 'bytes') given = (await opened.bytes()).length;
      else if (way === 'stream') for await (const part of opened.stream()) write(part);
      else if (way === 'writeTo') await opened.writeTo({ write });
      else given = (await (await opened.source()).read(0, 100)).length;
      results.push({ way, given, code: undefined });
    } catch (error) {
      results.push({ way, given, code: (error as { code?: string }).code ?? String(error) });
    }
  }
  return results;
}

async function expectNothing(bytes: Uint8Array, codes: readonly string[]) {
  for (const { way, given, code } of await attempts(bytes)) {
    expect({ way, given }).toEqual({ way, given: 0 });
    expect(codes).toContain(code);
  }
}

describe('a protected Office file in our own mode that somebody changed', () => {
  it('opens in every way as long as nobody did', async () => {
    for (const { code } of await attempts(original)) expect(code).toBeUndefined();
    // Moved to other sectors, it is the same file.
    const moved = await changed(original, new Map());
    expect(same(await (await open(moved, { service })).bytes(), plaintext)).toBe(true);
  });

  it('gives nothing of a content of another file', async () => {
    const foreign = await streamIn(other, content);
    await expectNothing(await changed(original, new Map([[content, foreign]])), ['DECRYPTION_FAILED']);
  });

  it('gives nothing under the license of another file', async () => {
    const foreign = await streamIn(other, ...primary);
    await expectNothing(await changed(original, new Map([[primary.join('/'), foreign]])), [
      'DECRYPTION_FAILED',
    ]);
  });

  it('gives nothing when the size in front of the content is another', async () => {
    for (const difference of [-1, 1, -16, 16, -70_000]) {
      const stream = await streamIn(original, content);
      const view = new DataView(stream.buffer);
      view.setBigUint64(0, view.getBigUint64(0, true) + BigInt(difference), true);
      await expectNothing(await changed(original, new Map([[content, stream]])), ['DECRYPTION_FAILED']);
    }
  });

  it('gives nothing of a content that was cut or that goes on', async () => {
    const stream = await streamIn(original, content);
    const segment = 65_536 + 16;
    for (const length of [stream.length - 1, 8 + 32 + 17 * segment, 8 + 32 + segment, 8 + 32, 8])
      for (const stated of [undefined, Math.floor((length - 40) / segment) * 65_536]) {
        const cut = stream.slice(0, length);
        if (stated !== undefined) new DataView(cut.buffer).setBigUint64(0, BigInt(Math.max(0, stated)), true);
        await expectNothing(await changed(original, new Map([[content, cut]])), [
          'DECRYPTION_FAILED',
          'MALFORMED_CONTAINER',
        ]);
      }
    for (const more of [1, 16, 4096, segment]) {
      const longer = new Uint8Array(stream.length + more);
      longer.set(stream);
      await expectNothing(await changed(original, new Map([[content, longer]])), ['DECRYPTION_FAILED']);
    }
  });
});

describe('a protected Office file that comes as a stream', () => {
  it('is inspected as it is from bytes', async () => {
    for (const bytes of [original, await changed(original, new Map([['a', new Uint8Array(8192)]]))])
      expect(await inspect(streamOf(bytes))).toEqual(await inspect(bytes));
  });
});
