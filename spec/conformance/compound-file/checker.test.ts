import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compoundFileSource, layoutCompoundFile } from '../../../src/container/compound-file/layout.ts';
import { compareNames } from '../../../src/container/compound-file/names.ts';
import { checkCompoundFile } from './check-compound-file.ts';
import { orderOf } from './check-names.ts';
import { contentFor } from './random-tree.ts';

describe.each([3, 4] as const)('the strict checker on a file of version %i', (version) => {
  const stream = (name: string, size: number) => ({
    kind: 'stream' as const,
    name,
    content: contentFor(name, size),
  });

  it('notices every changed bit outside names, contents and what a writer is free in', async () => {
    const layout = layoutCompoundFile(
      {
        entries: [
          stream('Large', 5000),
          stream('Small', 100),
          stream('Empty', 0),
          stream('Other', 64),
          { kind: 'storage', name: 'Inside', entries: [stream('One', 4096), stream('Two', 65)] },
        ],
      },
      { version },
    );
    const bytes = await compoundFileSource(layout).read(0, layout.size);
    const good = await checkCompoundFile(bytes);
    expect(good.problems).toEqual([]);

    const sector = version === 3 ? 512 : 4096;
    const free = new Uint8Array(bytes.length);
    for (const { places, size } of good.streams) {
      let left = size;
      for (const { offset, length } of places) {
        free.fill(1, offset, offset + Math.min(left, length));
        left -= length;
      }
    }
    const directory = sector * (1 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0x30, true));
    for (let entry = 0; entry < 8; entry++) {
      const at = directory + 128 * entry;
      free.fill(1, at, at + 2 * 6);
      // Within its last sector a stream may be longer; and nothing says what a storage's identity is.
      if (bytes[at + 0x42] === 2) free.fill(1, at + 0x78, at + 0x7a);
      else if (bytes[at + 0x42] !== 0) free.fill(1, at + 0x50, at + 0x74);
    }

    const unnoticed: number[] = [];
    for (let at = 0; at < bytes.length; at++) {
      if (free[at] === 1) continue;
      // Of what only fills up, some bytes will do.
      const inDirectory = at >= directory && at < directory + 8 * 128;
      const step = inDirectory ? (version === 3 ? 1 : 7) : 37;
      if ((bytes[at] === 0 || bytes[at] === 0xff) && at % step !== 0) continue;
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ (1 << (at % 8));
      if ((await checkCompoundFile(changed)).problems.length === 0) unnoticed.push(at);
    }
    expect(unnoticed).toEqual([]);
  });

  it('notices a file that is cut or has more behind its end', async () => {
    const layout = layoutCompoundFile({ entries: [stream('Large', 5000)] }, { version });
    const bytes = await compoundFileSource(layout).read(0, layout.size);
    for (const length of [bytes.length - 1, bytes.length - 512, bytes.length - 4096])
      expect((await checkCompoundFile(bytes.slice(0, length))).problems).not.toEqual([]);
    for (const more of [1, 512, 4096])
      expect(
        (await checkCompoundFile(new Uint8Array([...bytes, ...new Uint8Array(more)]))).problems,
      ).not.toEqual([]);
  });
});

describe('the order of names', () => {
  it('is the same to the checker and the library, for every letter', () => {
    const differing: string[] = [];
    for (let unit = 1; unit <= 0xffff; unit++)
      for (const other of [0x3a3, unit ^ 1, unit ^ 0x20]) {
        const [a, b] = [String.fromCharCode(unit), String.fromCharCode(other & 0xffff)];
        if (Math.sign(orderOf(a, b)) !== Math.sign(compareNames(a, b))) differing.push(unit.toString(16));
      }
    expect(differing).toEqual([]);
  });
});

const samples = '../shared/data/samples/';

/** Rules that real files break, by file: what old writers left, and where trees are only sorted. */
const tolerated: Readonly<Record<string, readonly string[]>> = {
  'xps-encrypted-package/EncryptedPackageWithProperties.xps': [],
  'office-irm/testWORD_protected_drm.doc': ['stream-filling'],
  'plaintext/testWORD.doc': ['black-height'],
  'plaintext/testEXCEL.xls': ['sector-free'],
  'plaintext/testVISIO.vsd': ['sector-free'],
  // Its root is named "R".
  'plaintext/testPPT.ppt': ['name-length', 'name-filling', 'root-name'],
  'plaintext/test-outlook.msg': ['black-height', 'sector-free'],
  'plaintext/testMSG.msg': ['black-height', 'mini-stream-filling', 'stream-filling', 'sector-free'],
  'plaintext/testMSG_att_doc.msg': ['black-height', 'sector-free'],
  'negatives/testWORD_protected_passtika.doc': ['black-height'],
  'negatives/testEXCEL_protected_passtika.xls': [],
  'negatives/testWORD_protected_passtika.docx': [],
  'negatives/testEXCEL_protected_passtika.xlsx': ['stream-filling'],
};

describe.skipIf(!existsSync(samples))('files of other writers', () => {
  it.each(Object.entries(tolerated))('%s breaks no rule but those listed', async (file, rules) => {
    const check = await checkCompoundFile(new Uint8Array(readFileSync(samples + file)));
    expect([...new Set(check.problems.map(({ rule }) => rule))].sort()).toEqual([...rules].sort());
    expect(check.streams.length).toBeGreaterThan(0);
  });
});
