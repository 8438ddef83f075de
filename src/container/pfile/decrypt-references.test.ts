import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeHex, memorySource } from '../../bytes/index.ts';
import { cipherMode } from '../../cipher/index.ts';
import { readPfile } from './read.ts';

interface Reference {
  readonly file: string;
  readonly contentKey: string | null;
  readonly cipherMode: string;
  readonly plaintextLength: number;
  readonly plaintextSha256: string;
}

const folder = '../shared/data/pfile-samples';
const present = existsSync(folder);
const references: readonly Reference[] = present
  ? (JSON.parse(readFileSync(`${folder}/index.json`, 'utf8')).files as Reference[]).filter(
      (entry) => entry.contentKey,
    )
  : [];

describe.skipIf(!present)('PFILEs with a known key (skipped without ../shared/data)', () => {
  it.each(references)('$file decrypts to its plaintext', async (entry) => {
    const read = await readPfile(memorySource(new Uint8Array(readFileSync(`${folder}/${entry.file}`))));
    const mode = cipherMode(read.cipherModeFor(entry.cipherMode));
    const content = await read.content.read(0, read.contentLength ?? 0);
    const decryptor = await mode.decryptor(decodeHex(entry.contentKey ?? ''), new Uint8Array(0));
    const output = new Uint8Array(content.length);
    const length = await decryptor.decrypt(content, 0, true, output);
    decryptor.wipe();
    const plaintext = output.subarray(0, mode.alignment === 1 ? length : (read.originalSize ?? length));
    expect(plaintext).toHaveLength(entry.plaintextLength);
    expect(plaintext.every((byte, i) => byte === ((i * 7 + Math.floor(i / 256) * 13 + 3) & 0xff))).toBe(true);
    expect(createHash('sha256').update(plaintext).digest('hex')).toBe(entry.plaintextSha256);
  });
});
