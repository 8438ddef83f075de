import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { detectionBytes } from '../container-format.ts';
import { recognise } from '../recognise/recognise.ts';
import { officeFormat } from './format.ts';
import { protectedFile } from './protected-file.test-support.ts';
import { readOffice } from './read.ts';

const samples = '../shared/data/samples';
const present = existsSync(samples);
const originals = async (): Promise<readonly Uint8Array[]> => {
  const shape = { plaintext: new Uint8Array(3000).fill(7), key: new Uint8Array(32) };
  return [
    await protectedFile({ ...shape, mode: 'MICROSOFT.ECB' }),
    await protectedFile({ ...shape, mode: 'MICROSOFT.CBC4K', compoundVersion: 4 }),
    await protectedFile({
      ...shape,
      plaintext: new Uint8Array(9000),
      mode: 'SEALWRIGHT.GCM64K',
      metadata: new Uint8Array(100),
      useLicenses: [
        { streamName: 'EUL-A', userId: 'Windows:user@contoso.com', license: new Uint8Array(100).fill(65) },
      ],
    }),
    ...(present
      ? [
          'office-irm/testWORD_protected_drm.doc',
          'xps-encrypted-package/EncryptedPackageWithProperties.xps',
          'negatives/testWORD_protected_passtika.docx',
        ].map((path) => new Uint8Array(readFileSync(`${samples}/${path}`)))
      : []),
  ];
};

/** Values that break length arithmetic more often than random ones do. */
const telling = [
  0, 1, 4, 0x7f, 0xfff, 0x1000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff9, 0xffff_fffe, 0xffff_ffff,
];

/** Changes of single bytes and of fields, anywhere: most land in structure, because the files are small. */
const mutation = fc.record({
  changes: fc.array(
    fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      fc.oneof(fc.nat(255), fc.constantFrom(...telling)),
    ),
    { maxLength: 8 },
  ),
  keep: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.double({ min: 0, max: 1, noNaN: true })),
});

function mutate(
  original: Uint8Array,
  { changes, keep }: typeof mutation extends fc.Arbitrary<infer T> ? T : never,
): Uint8Array {
  const bytes = original.slice(0, Math.ceil(original.length * keep));
  const view = new DataView(bytes.buffer);
  for (const [where, inHeader, value] of changes) {
    const at = Math.floor(where * (inHeader ? Math.min(1024, bytes.length) : bytes.length));
    if (value > 255 && at + 4 <= bytes.length) view.setUint32(at, value, true);
    else if (at < bytes.length) bytes[at] = value;
  }
  return bytes;
}

describe('a protected Office file with changed or cut bytes', () => {
  it('reads as it stands or gives a typed error, and is recognised without one', async () => {
    const files = await originals();
    await fc.assert(
      fc.asyncProperty(fc.nat(files.length - 1), mutation, async (which, change) => {
        const bytes = mutate(files[which] as Uint8Array, change);
        const source = memorySource(bytes);
        const head = bytes.subarray(0, detectionBytes);
        const { kind, compoundFile } = await recognise(head, source);
        await officeFormat.examine({ head, source, name: 'a.doc' });
        try {
          const container = await readOffice(source, { compoundFile });
          expect(kind).toBe('office');
          expect(container.publishingLicense.length).toBeGreaterThan(0);
          expect(container.originalSize).toBeLessThanOrEqual(container.contentLength ?? -1);
          const content = await container.content.read(0, bytes.length + 1);
          expect(content).toHaveLength(container.contentLength ?? -1);
        } catch (error) {
          if (!(error instanceof SealwrightError)) throw error;
          expect([
            'NOT_PROTECTED',
            'UNSUPPORTED_FORMAT',
            'UNSUPPORTED_VERSION',
            'MALFORMED_CONTAINER',
            'LIMIT_EXCEEDED',
          ]).toContain(error.code);
          if (error.code === 'NOT_PROTECTED') expect(kind).not.toBe('office');
        }
      }),
      { numRuns: 2000 },
    );
  });
});
