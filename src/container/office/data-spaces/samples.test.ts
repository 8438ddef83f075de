import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import CFB from 'cfb';
import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../../../bytes/index.ts';
import { readXrmlDocuments } from '../../../xrml/index.ts';
import { parseDefinition, serializeDefinition } from './definition.ts';
import { parseMap, serializeMap } from './map.ts';
import {
  parseRightsManagement,
  parseTransformHeader,
  passwordEncryptionId,
  serializeRightsManagement,
} from './transform.ts';
import { decodeUserId, parseUseLicense, serializeUseLicense } from './use-license.ts';
import { parseVersion, serializeVersion } from './version.ts';

const samples = '../shared/data/samples';
const present = existsSync(samples);
const load = (path: string): Uint8Array => new Uint8Array(readFileSync(`${samples}/${path}`));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const doc = 'office-irm/testWORD_protected_drm.doc';
const xps = 'xps-encrypted-package/EncryptedPackageWithProperties.xps';
const docx = 'office-irm-streams-no-licence/rub-docx.';
const expected = (present
  ? JSON.parse(readFileSync(`${samples}/expected.json`, 'utf8'))
  : {}) as unknown as Record<string, ExpectedSample>;

interface ExpectedSample {
  readonly primary: ExpectedPrimary;
  readonly licenseText: string;
  readonly license: { readonly certificates: readonly object[] };
  readonly eul: {
    readonly streamName: string;
    readonly headerLength: number;
    readonly idLength: number;
    readonly userId: string;
    readonly licenseText: string;
    readonly streamLength: number;
  };
}

interface ExpectedPrimary {
  readonly transformLength: number;
  readonly transformType: number;
  readonly transformId: string;
  readonly transformName: string;
  readonly versions: readonly number[];
  readonly extensibilityHeader: number;
  readonly licenseLength: number;
  readonly licenseOffset: number;
  readonly trailing: number;
}

/** The streams of a compound file as another reader gives them. */
function streamsOf(path: string): ReadonlyMap<string, Uint8Array> {
  const { FileIndex, FullPaths } = CFB.read(load(path), { type: 'array' });
  return new Map(
    FileIndex.flatMap((entry, i) =>
      entry.type === 2
        ? [[(FullPaths[i] ?? '').replace(/^[^/]*\//, ''), Uint8Array.from(entry.content)]]
        : [],
    ),
  );
}

const stream = (path: string, name: string): Uint8Array => {
  const found = streamsOf(path).get(name);
  if (found === undefined) throw new Error(`no stream ${JSON.stringify(name)}`);
  return found;
};

/** Writes what was read of `bytes`. */
type Again = (bytes: Uint8Array) => Uint8Array;
const version: Again = (bytes) => serializeVersion(parseVersion(bytes));
const map: Again = (bytes) => serializeMap(parseMap(bytes));
const definition: Again = (bytes) => serializeDefinition(parseDefinition(bytes));
const transform: Again = (bytes) => serializeRightsManagement(parseRightsManagement(bytes));
const useLicense: Again = (bytes) => serializeUseLicense(parseUseLicense(bytes));

const streams: readonly (readonly [string, () => Uint8Array, Again])[] = [
  ['Version of the binary document', () => stream(doc, '\x06DataSpaces/Version'), version],
  ['DataSpaceMap of the binary document', () => stream(doc, '\x06DataSpaces/DataSpaceMap'), map],
  [
    'data space of the binary document',
    () => stream(doc, '\x06DataSpaces/DataSpaceInfo/\tDRMDataSpace'),
    definition,
  ],
  [
    'transform of the binary document',
    () => stream(doc, '\x06DataSpaces/TransformInfo/\tDRMTransform/\x06Primary'),
    transform,
  ],
  ['Version of the package', () => load(`${docx}Version.bin`), version],
  ['DataSpaceMap of the package', () => load(`${docx}DataSpaceMap.bin`), map],
  ['data space of the package', () => load(`${docx}DataSpaceInfo-DRMEncryptedDataSpace.bin`), definition],
  [
    'transform of the package',
    () => load(`${docx}TransformInfo-DRMEncryptedTransform-06Primary.bin`),
    transform,
  ],
  ['Version of the envelope', () => stream(xps, '\x06DataSpaces/Version'), version],
  ['DataSpaceMap of the envelope', () => stream(xps, '\x06DataSpaces/DataSpaceMap'), map],
  [
    'data space of the envelope',
    () => stream(xps, '\x06DataSpaces/DataSpaceInfo/127637873429774043'),
    definition,
  ],
  [
    'transform of the envelope',
    () => stream(xps, '\x06DataSpaces/TransformInfo/EncryptionTransform/\x06Primary'),
    transform,
  ],
  [
    'use license of the envelope',
    () => stream(xps, '\x06DataSpaces/TransformInfo/EncryptionTransform/EUL-PCOF64OLAHYHETKLVEGTG3H6ZD'),
    useLicense,
  ],
];

describe.skipIf(!present)('data spaces of real files (skipped without ../shared/data)', () => {
  it.each(streams)('the %s is the same bytes after reading and writing', (_, bytes, again) => {
    expect(Buffer.compare(again(bytes()), bytes())).toBe(0);
  });

  it.each([
    ['binary document', doc, () => stream(doc, '\x06DataSpaces/TransformInfo/\tDRMTransform/\x06Primary')],
    [
      'package',
      `${docx}TransformInfo-DRMEncryptedTransform-06Primary.bin`,
      () => load(`${docx}TransformInfo-DRMEncryptedTransform-06Primary.bin`),
    ],
    ['envelope', xps, () => stream(xps, '\x06DataSpaces/TransformInfo/EncryptionTransform/\x06Primary')],
  ] as const)('the transform of the %s says what was expected', (_, sample, bytes) => {
    const raw = bytes();
    const { header, extension, license, tail } = parseRightsManagement(raw);
    const { reader, updater, writer } = header.versions;
    expect({
      transformLength: header.length,
      transformType: header.type,
      transformId: header.id,
      transformName: header.name,
      versions: [reader, updater, writer].flatMap(({ major, minor }) => [major, minor]),
      extensibilityHeader: 4 + extension.length,
      licenseLength: license.length,
      licenseOffset: license.byteOffset - raw.byteOffset,
      trailing: tail.length,
    }).toEqual(expected[sample]?.primary);
  });

  it('the licenses of the documents are chains of as many certificates as expected', () => {
    const primary = `${docx}TransformInfo-DRMEncryptedTransform-06Primary.bin`;
    for (const [sample, bytes] of [
      [doc, stream(doc, '\x06DataSpaces/TransformInfo/\tDRMTransform/\x06Primary')],
      [primary, load(primary)],
    ] as const) {
      const { license } = parseRightsManagement(bytes);
      expect(readXrmlDocuments(license)).toHaveLength(expected[sample]?.license.certificates.length ?? -1);
    }
  });

  it('the use license in the envelope names its user and holds its text', () => {
    const name = `\x06DataSpaces/TransformInfo/EncryptionTransform/${expected[xps]?.eul.streamName}`;
    const bytes = stream(xps, name);
    const { userId, license } = parseUseLicense(bytes);
    const eul = expected[xps]?.eul;
    expect(bytes).toHaveLength(eul?.streamLength ?? -1);
    expect(userId).toHaveLength(eul?.idLength ?? -1);
    // Compared as a truth value, so that a failure prints no address.
    expect(decodeUserId(userId) === eul?.userId).toBe(true);
    expect(decodeUtf8(license)).toBe(eul?.licenseText);
  });

  it.each([0, 1, 2])('password encryption %i has a class id of its own', (index) => {
    const file = ['testWORD_protected_passtika.docx', 'testEXCEL_protected_passtika.xlsx', 'protect.xlsx'][
      index
    ];
    const bytes = stream(
      `negatives/${file}`,
      '\x06DataSpaces/TransformInfo/StrongEncryptionTransform/\x06Primary',
    );
    expect(parseTransformHeader(bytes).id).toBe(passwordEncryptionId);
  });

  it('the map of the envelope names its stream in lower case', () => {
    const { entries } = parseMap(stream(xps, '\x06DataSpaces/DataSpaceMap'));
    expect(entries.map(({ components }) => components)).toEqual([
      [{ kind: 'stream', name: 'encryptedpackage' }],
    ]);
    expect(sha256(stream(xps, 'EncryptedPackage').subarray(8))).toHaveLength(64);
  });
});
