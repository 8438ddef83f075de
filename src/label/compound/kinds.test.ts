import CFB from 'cfb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, encodeUtf8, encodeUtf16le, memorySource } from '../../bytes/index.ts';
import { withUserProperties } from '../../container/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { NewLabel } from '../label-change.ts';
import { changeLabelInfo, readLabelInfo } from '../label-info.ts';
import { compoundLabels } from './place.ts';

const summary = '\x05DocumentSummaryInformation';
const label: NewLabel = {
  id: '10000000-0000-4000-8000-000000000001',
  siteId: '11111111-2222-3333-4444-555555555555',
  name: 'Confidential',
};
const other: NewLabel = { ...label, id: '20000000-0000-4000-8000-000000000002', name: 'Public' };

/** A compound file with these streams, by path. */
function compoundFile(streams: Readonly<Record<string, Uint8Array | string>>): Uint8Array {
  const container = CFB.utils.cfb_new();
  for (const [path, content] of Object.entries(streams))
    CFB.utils.cfb_add(container, `/${path}`, typeof content === 'string' ? encodeUtf8(content) : content);
  CFB.utils.cfb_del(container, '/\u0001Sh33tJ5');
  return new Uint8Array(CFB.write(container, { type: 'buffer' }) as Buffer);
}

const source = (streams: Readonly<Record<string, Uint8Array | string>>): ByteSource =>
  memorySource(compoundFile(streams));

const ids = async (file: ByteSource): Promise<[properties: string[], labelInfo: string[]]> => {
  const { properties, labelInfo } = await compoundLabels.read(file);
  return [properties.map(({ id }) => id), (labelInfo ? readLabelInfo(labelInfo) : []).map(({ id }) => id)];
};

/** The `Version` stream of data spaces, with this version for whoever changes the file. */
function versionStream(updater = 1): Uint8Array {
  const name = encodeUtf16le('Microsoft.Container.DataSpaces');
  const bytes = new Uint8Array(4 + name.length + 12);
  bytes[0] = name.length;
  bytes.set(name, 4);
  bytes.set([1, 0, 0, 0, updater, 0, 0, 0, 1], 4 + name.length);
  return bytes;
}

const protectedWith = (labelInfo: Uint8Array | undefined, properties: Uint8Array | undefined): ByteSource =>
  source({
    EncryptedPackage: 'content',
    '\x06DataSpaces/Version': versionStream(),
    '\x06DataSpaces/TransformInfo/DRMEncryptedTransform/\x06Primary': 'license',
    ...(labelInfo && { '\x06DataSpaces/TransformInfo/LabelInfo': labelInfo }),
    ...(properties && { [summary]: properties }),
  });

describe('a document without a summary', () => {
  it.each(['WordDocument', 'Workbook', 'Book', 'PowerPoint Document', 'VisioDocument'])(
    'with a stream %s gets one with its first label',
    async (name) => {
      const labelled = await compoundLabels.change(source({ [name]: 'content' }), { set: label });
      expect(await ids(labelled)).toEqual([[label.id], []]);
    },
  );
});

describe('a document of an application we do not know', () => {
  it('takes labels if it has a summary', async () => {
    const labelled = await compoundLabels.change(
      source({ Contents: 'content', [summary]: withUserProperties(undefined, []) }),
      { set: label },
    );
    expect(await ids(labelled)).toEqual([[label.id], []]);
  });
});

describe('a protected file', () => {
  const info = changeLabelInfo(undefined, { set: label });
  const stated = withUserProperties(undefined, [
    [`MSIP_Label_${label.id}_Enabled`, 'true'],
    [`MSIP_Label_${label.id}_SiteId`, label.siteId],
  ]);

  it.each([
    ['neither', undefined, undefined, [[other.id], [other.id]]],
    ['LabelInfo', info, undefined, [[], [other.id]]],
    ['LabelInfo and a summary without labels', info, withUserProperties(undefined, []), [[], [other.id]]],
    ['properties', undefined, stated, [[other.id], []]],
    ['both', info, stated, [[other.id], [other.id]]],
  ] as const)('that states labels in %s is changed there', async (_, labelInfo, properties, expected) => {
    const file = protectedWith(labelInfo, properties);
    const { id, siteId } = other;
    expect(await ids(await compoundLabels.change(file, { set: { id, siteId } }))).toEqual(expected);
    const bare = await compoundLabels.read(await compoundLabels.change(file, { remove: 'all' }));
    expect(bare.properties).toEqual([]);
    // The document inside may state the label too: the mark keeps it from coming back.
    const marks = bare.labelInfo === undefined ? [] : readLabelInfo(bare.labelInfo);
    expect(marks.length > 0).toBe(labelInfo !== undefined || properties !== undefined);
    expect(marks.every(({ enabled, removed }) => removed && !enabled)).toBe(true);
  });

  it('states in properties what LabelInfo has no field for, such as a name', async () => {
    const named = await compoundLabels.read(
      await compoundLabels.change(protectedWith(info, undefined), { set: other }),
    );
    expect(named.properties).toMatchObject([{ id: other.id, name: other.name }]);
  });

  it('that only later programs may change is read and not changed', async () => {
    const file = source({
      EncryptedPackage: 'content',
      '\x06DataSpaces/Version': versionStream(2),
      '\x06DataSpaces/TransformInfo/LabelInfo': info,
    });
    expect(await ids(file)).toEqual([[], [label.id]]);
    await expect(compoundLabels.change(file, { set: other })).rejects.toMatchObject({
      code: 'UNSUPPORTED_VERSION',
    });
  });

  it('with a LabelInfo that cannot be read is not changed', async () => {
    const file = protectedWith(encodeUtf8('<labelList'), undefined);
    await expect(compoundLabels.change(file, { set: label })).rejects.toMatchObject({
      code: 'MALFORMED_CONTAINER',
    });
  });
});

describe('a compound file that takes no labels', () => {
  it.each([
    ['a password-encrypted package', { EncryptionInfo: 'x', EncryptedPackage: 'x' }, /password/],
    ['a document whose properties are encrypted', { WordDocument: 'x', encryption: 'x' }, /password/],
    ['a signed document', { WordDocument: 'x', _signatures: 'x' }, /signed/],
    ['a signed installer', { '\x05DocumentSummaryInformation': '', '\x05DigitalSignature': 'x' }, /signed/],
    ['an installer', { '\x05SummaryInformation': 'x' }, /no document/],
  ])('says why: %s', async (_, streams, reason) => {
    await expect(compoundLabels.change(source(streams), { set: label })).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      message: expect.stringMatching(reason),
    });
    expect(await ids(source(streams))).toEqual([[], []]);
  });
});

describe('a labelled compound file with changed or cut bytes', () => {
  it('reads as it stands, and is changed or refused with a typed error', { timeout: 30_000 }, async () => {
    const properties = withUserProperties(undefined, [[`MSIP_Label_${label.id}_Enabled`, 'true']]);
    const originals = [
      compoundFile({ WordDocument: 'content', [summary]: properties }),
      compoundFile({
        EncryptedPackage: 'content',
        '\x06DataSpaces/Version': versionStream(),
        '\x06DataSpaces/TransformInfo/LabelInfo': changeLabelInfo(undefined, { set: label }),
        [summary]: properties,
      }),
    ];
    const place = fc.tuple(fc.nat(6000), fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0xff, 0xfe)));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(originals.length - 1),
        fc.array(place, { maxLength: 6 }),
        fc.double({ min: 0.2, max: 1.5, noNaN: true }),
        async (which, changes, keep) => {
          const original = originals[which] as Uint8Array;
          const bytes = original.slice(0, Math.ceil(original.length * Math.min(1, keep)));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          await compoundLabels.read(memorySource(bytes));
          try {
            const changed = await compoundLabels.change(memorySource(bytes), { set: other });
            const whole = (await changed.read(0, changed.size as number)).slice();
            const [inProperties, inLabelInfo] = await ids(memorySource(whole));
            expect([...inProperties, ...inLabelInfo]).toContain(other.id);
          } catch (error) {
            if (!(error instanceof SealwrightError)) throw error;
            expect([
              'MALFORMED_CONTAINER',
              'LIMIT_EXCEEDED',
              'UNSUPPORTED_FORMAT',
              'UNSUPPORTED_VERSION',
              'INVALID_ARGUMENT',
            ]).toContain(error.code);
          }
        },
      ),
      { numRuns: 600 },
    );
  });
});
