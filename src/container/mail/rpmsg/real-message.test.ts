import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../bytes/index.ts';
import type { CompoundEntry } from '../../compound-file/compound-file.ts';
import { readCompoundFile } from '../../compound-file/read.ts';
import { blocksOf } from './envelope/blocks.test-support.ts';
import { inflatedEnvelope } from './envelope/inflated-envelope.ts';
import { cipher, message, protectedBytes, textSource } from './rpmsg.test-support.ts';

const path = '../shared/data/samples/rpmsg-facts/rpmsg-2021-ecb.facts.json';
const real = existsSync(path);
const facts = real ? JSON.parse(readFileSync(path, 'utf8')) : {};

/** A license as long as the real one; certificates are base64 for the most part. */
const license = new TextEncoder().encode(
  `<?xml version="1.0"?>${Array.from({ length: 40_140 }, (_, i) => String.fromCharCode(65 + ((i * i * 31 + i) % 57))).join('')}`,
);

/** A message whose compound file inside is as large as the real one. */
async function likeTheRealOne(): Promise<Uint8Array> {
  const body = { native: 'plain', codePage: 65001, plain: textSource('x'.repeat(800)) } as const;
  return protectedBytes(message({ body }), cipher('MICROSOFT.ECB'), {
    publishingLicense: license,
    supplement: false,
  });
}

function streamSizes(entries: readonly CompoundEntry[], folder = ''): Record<string, number> {
  return Object.assign(
    {},
    ...entries.map((entry) => {
      const name = folder + entry.name.replaceAll('\x06', '\\x06').replaceAll('\t', '\\t');
      return entry.kind === 'stream' ? { [name]: entry.size } : streamSizes(entry.entries, `${name}/`);
    }),
  );
}

describe.skipIf(!real)('a message like the real one (skipped without ../shared/data)', () => {
  it('has an envelope of the same form', async () => {
    const file = await likeTheRealOne();
    const blocks = blocksOf(file);
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    expect(hex(file.subarray(0, 8))).toBe(facts.magic);
    expect(new Set(blocks.map(({ check }) => check))).toEqual(new Set([Number(facts.blockId)]));
    expect(blocks.map(({ plain }) => plain)).toEqual(facts.segments.map(([plain]: [number]) => plain));
    expect(hex((blocks[0] as (typeof blocks)[number]).packed.subarray(0, 2))).toBe(facts.zlibHeader);
    expect((await inflatedEnvelope(memorySource(file))).size).toBe(facts.inflatedLength);
    // The last block ends with a flush and is no last block of deflate; nothing follows.
    expect(facts.zlibStreamEnded).toBe(false);
    expect(hex((blocks.at(-1) as (typeof blocks)[number]).packed.subarray(-4))).toBe('0000ffff');
  });

  it('has the same streams of the same sizes, and the license at the same place', async () => {
    const file = await readCompoundFile(await inflatedEnvelope(memorySource(await likeTheRealOne())));
    expect(streamSizes(file.root.entries)).toEqual(facts.streams);
    const primary = file.find('\x06DataSpaces', 'TransformInfo', '\x09DRMTransform', '\x06Primary');
    const content = file.find('\x09DRMContent');
    if (primary?.kind !== 'stream' || content?.kind !== 'stream') throw new Error('streams are missing');
    const bytes = Buffer.from(await file.read(primary, 1e6));
    const { primary: expected, drmContent } = facts;
    const utf16 = (at: number) => bytes.toString('utf16le', at + 4, at + 4 + bytes.readUInt32LE(at));
    expect(bytes.readUInt32LE(0)).toBe(expected.transformLength);
    expect(bytes.readUInt32LE(4)).toBe(expected.transformType);
    expect(utf16(8)).toBe(expected.transformId);
    expect(utf16(88)).toBe(expected.transformName);
    expect(Array.from({ length: 6 }, (_, i) => bytes.readUInt16LE(156 + 2 * i))).toEqual(expected.versions);
    expect(bytes.readUInt32LE(168)).toBe(expected.extensibilityHeader);
    expect(bytes.readUInt32LE(172)).toBe(expected.licenseLength);
    expect(bytes.indexOf('<?xml')).toBe(expected.licenseOffset);
    expect(bytes.length - expected.licenseOffset - expected.licenseLength).toBe(expected.trailing);
    const encrypted = Buffer.from(await file.read(content, 1e6));
    expect(Number(encrypted.readBigUInt64LE(0))).toBe(drmContent.plaintextLength);
    expect(encrypted.length - 8).toBe(drmContent.ciphertextLength);
  });
});
