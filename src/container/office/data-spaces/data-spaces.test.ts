import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, decodeHex, encodeHex, encodeUtf8 } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { parseDefinition, serializeDefinition } from './definition.ts';
import { parseMap, serializeMap } from './map.ts';
import {
  isTransform,
  newRightsManagement,
  parseRightsManagement,
  parseTransformHeader,
  rightsManagementId,
  serializeRightsManagement,
} from './transform.ts';
import { decodeUserId, newUseLicense, parseUseLicense, serializeUseLicense } from './use-license.ts';
import { readUseLicenseChain, writeUseLicenseChain } from './use-license-chain.ts';
import {
  checkReadable,
  currentVersion,
  currentVersions,
  mayBeModified,
  parseVersion,
  serializeVersion,
} from './version.ts';

const none = new Uint8Array(0);
const map = (content: string, dataSpace: string): Uint8Array =>
  serializeMap({
    entries: [{ components: [{ kind: 'stream', name: content }], dataSpace, tail: none }],
    headerTail: none,
    tail: none,
  });
const code = (value: string) => expect.objectContaining({ code: value });

describe('streams of data spaces', () => {
  it('are those of the specification', () => {
    expect(encodeHex(serializeVersion(currentVersion))).toBe(
      `3c000000${encodeHex(Uint8Array.from('Microsoft.Container.DataSpaces', (c) => c.charCodeAt(0))).replace(/../g, '$&00')}010000000100000001000000`,
    );
    expect(map('EncryptedPackage', 'DRMEncryptedDataSpace')).toHaveLength(104);
    expect(map('\x09DRMContent', '\x09DRMDataSpace')).toHaveLength(80);
    const definition = serializeDefinition({
      transforms: ['DRMEncryptedTransform'],
      headerTail: none,
      tail: none,
    });
    expect(encodeHex(definition.subarray(0, 12))).toBe('08000000010000002a000000');
    expect(definition).toHaveLength(56);
    const transform = serializeRightsManagement(newRightsManagement(encodeUtf8('<XrML/>')));
    expect(encodeHex(transform.subarray(156, 176))).toBe('0100000001000000010000000400000007000000');
    expect(transform).toHaveLength(184);
  });

  it('keep what stands behind their known fields', () => {
    const tail = Uint8Array.of(1, 2, 3);
    const headerTail = Uint8Array.of(9, 9, 9, 9);
    const streams: readonly (readonly [Uint8Array, (bytes: Uint8Array) => Uint8Array])[] = [
      [serializeVersion({ ...currentVersion, tail }), (bytes) => serializeVersion(parseVersion(bytes))],
      [
        serializeMap({
          entries: [{ components: [{ kind: 'storage', name: 'a' }], dataSpace: 'b', tail }],
          headerTail,
          tail,
        }),
        (bytes) => serializeMap(parseMap(bytes)),
      ],
      [
        serializeDefinition({ transforms: ['a', ''], headerTail, tail }),
        (bytes) => serializeDefinition(parseDefinition(bytes)),
      ],
      [
        serializeRightsManagement({
          ...newRightsManagement(encodeUtf8('license')),
          extension: headerTail,
          tail,
        }),
        (bytes) => serializeRightsManagement(parseRightsManagement(bytes)),
      ],
      [
        serializeUseLicense({ ...newUseLicense('Windows:a', encodeUtf8('license')), tail }),
        (bytes) => serializeUseLicense(parseUseLicense(bytes)),
      ],
    ];
    for (const [bytes, again] of streams) expect(again(bytes)).toEqual(bytes);
  });

  it('give back whatever names and licenses were written', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.startsWith('\ufeff'));
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            components: fc.array(fc.record({ kind: fc.constantFrom('stream', 'storage'), name }), {
              maxLength: 5,
            }),
            dataSpace: name,
            tail: fc.uint8Array({ maxLength: 5 }),
          }),
          { maxLength: 5 },
        ),
        fc.array(name, { maxLength: 5 }),
        fc.uint8Array({ maxLength: 300 }).filter(({ length }) => length !== 4),
        name.filter((text) => text.length > 1),
        (entries, transforms, license, userId) => {
          const spaces = { entries, headerTail: none, tail: none };
          expect(parseMap(serializeMap(spaces))).toEqual(spaces);
          expect(parseDefinition(serializeDefinition({ transforms, headerTail: none, tail: none }))).toEqual({
            transforms,
            headerTail: none,
            tail: none,
          });
          const transform = newRightsManagement(license);
          expect(parseRightsManagement(serializeRightsManagement(transform))).toEqual(transform);
          const stored = parseUseLicense(serializeUseLicense(newUseLicense(userId, license)));
          expect(decodeUserId(stored.userId)).toBe(userId);
          expect(stored.license).toEqual(license);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a transform', () => {
  const bytes = serializeRightsManagement(newRightsManagement(encodeUtf8('license')));

  it('is known by its class id in any case', () => {
    const header = parseTransformHeader(bytes);
    expect(isTransform(header, rightsManagementId)).toBe(true);
    expect(isTransform({ ...header, id: header.id.toLowerCase() }, rightsManagementId)).toBe(true);
    expect(isTransform({ ...header, id: '{00000000-0000-0000-0000-000000000000}' }, rightsManagementId)).toBe(
      false,
    );
  });

  it('may lack the zeros behind its license', () => {
    const cut = bytes.subarray(0, bytes.length - 1);
    expect(parseRightsManagement(cut).license).toEqual(encodeUtf8('license'));
  });

  it('has no license where the length says so, in either way', () => {
    for (const length of [0, 4]) {
      const without = concatBytes([bytes.subarray(0, 172), Uint8Array.of(length, 0, 0, 0)]);
      expect(parseRightsManagement(without).license).toHaveLength(0);
    }
  });

  it('is damaged wherever it is cut', () => {
    for (let length = 0; length < bytes.length - 1; length++)
      expect(() => parseRightsManagement(bytes.subarray(0, length))).toThrow(code('MALFORMED_CONTAINER'));
  });

  it('is refused where a length is too large to be true', () => {
    for (const at of [8, 88, 172]) {
      const changed = bytes.slice();
      new DataView(changed.buffer).setUint32(at, 0xffff_fffe, true);
      expect(() => parseRightsManagement(changed)).toThrow(code('LIMIT_EXCEEDED'));
    }
  });
});

describe('a version', () => {
  const of = (major: number, minor: number) => ({ major, minor });

  it('higher than 1.0 for readers is refused, and for writers it is not', () => {
    expect(() => checkReadable(currentVersions, 'file')).not.toThrow();
    expect(() => checkReadable({ ...currentVersions, reader: of(0, 9) }, 'file')).not.toThrow();
    expect(() => checkReadable({ ...currentVersions, writer: of(7, 0) }, 'file')).not.toThrow();
    for (const reader of [of(1, 1), of(2, 0)])
      expect(() => checkReadable({ ...currentVersions, reader }, 'file')).toThrow(
        code('UNSUPPORTED_VERSION'),
      );
  });

  it('higher than 1.0 for those who change the file says to leave it alone', () => {
    expect(mayBeModified(currentVersions)).toBe(true);
    expect(mayBeModified({ ...currentVersions, updater: of(1, 1) })).toBe(false);
  });

  it('of something else is damage', () => {
    const other = serializeVersion({ ...currentVersion, feature: 'Microsoft.Container.Datаspaces' });
    expect(() => parseVersion(other)).toThrow(code('MALFORMED_CONTAINER'));
  });
});

describe('a map of data spaces', () => {
  it('that claims more entries, components or transforms than it holds is refused before they are made', () => {
    const header = (count: string) => decodeHex(`08000000${count}`);
    expect(() => parseMap(header('ffffffff'))).toThrow(code('LIMIT_EXCEEDED'));
    expect(() => parseMap(header('ff000000'))).toThrow(code('MALFORMED_CONTAINER'));
    expect(() => parseDefinition(header('ffffffff'))).toThrow(code('LIMIT_EXCEEDED'));
    expect(() => parseDefinition(header('ff000000'))).toThrow(code('MALFORMED_CONTAINER'));
    const components = map('a', 'b');
    new DataView(components.buffer).setUint32(12, 64, true);
    expect(() => parseMap(components)).toThrow(code('MALFORMED_CONTAINER'));
    new DataView(components.buffer).setUint32(12, 65, true);
    expect(() => parseMap(components)).toThrow(code('LIMIT_EXCEEDED'));
  });

  it('with half a character or a lone surrogate in a name is damaged', () => {
    const bytes = map('abcd', 'b');
    bytes[20] = 7;
    expect(() => parseMap(bytes)).toThrow(code('MALFORMED_CONTAINER'));
    expect(() => parseMap(map('\ud800', 'b'))).toThrow(code('MALFORMED_CONTAINER'));
  });
});

describe('a use license kept in the file', () => {
  it('is stored as in the example of the specification', () => {
    // [MS-OFFCRYPTO] 3.5.1
    const bytes = serializeUseLicense(newUseLicense('Windows:user@contoso.com', encodeUtf8('chain')));
    expect(encodeHex(bytes.subarray(0, 8))).toBe('4800000040000000');
    expect(new TextDecoder().decode(bytes.subarray(8, 72))).toBe(
      'VwBpAG4AZABvAHcAcwA6AHUAcwBlAHIAQABjAG8AbgB0AG8AcwBvAC4AYwBvAG0A',
    );
  });

  it('gives the texts of its chain, leaf first, whatever the case of the wrapper', () => {
    const texts = ['<XrML>leaf é</XrML>', '<XrML>issuer</XrML>'];
    const wrapped = writeUseLicenseChain(texts);
    expect(new TextDecoder().decode(wrapped)).toContain(
      '<?xml version="1.0"?><CERTIFICATECHAIN><CERTIFICATE>PABYAHIATQBMAD',
    );
    expect(readUseLicenseChain(wrapped)).toEqual(texts);
    const lower = new TextDecoder()
      .decode(wrapped)
      .replaceAll(/CERTIFICATE(CHAIN)?/g, (name) =>
        name === 'CERTIFICATE' ? 'Certificate' : 'CertificateChain',
      );
    expect(readUseLicenseChain(encodeUtf8(lower))).toEqual(texts);
  });

  it('is refused in the length that means "empty"', () => {
    expect(() => newUseLicense('A', encodeUtf8('chain'))).toThrow(code('INVALID_ARGUMENT'));
    expect(() => newUseLicense('Windows:a', encodeUtf8('four'))).toThrow(code('INVALID_ARGUMENT'));
  });

  it('without a readable chain or user counts as having none', () => {
    expect(readUseLicenseChain(encodeUtf8('no chain'))).toEqual([]);
    expect(readUseLicenseChain(encodeUtf8('<CERTIFICATE>!</CERTIFICATE>'))).toEqual([]);
    expect(readUseLicenseChain(Uint8Array.of(0xff, 0xfe))).toEqual([]);
    expect(readUseLicenseChain(encodeUtf8('<CERTIFICATE>QQA=</CERTIFICATE>'.repeat(33)))).toEqual([]);
    expect(decodeUserId(encodeUtf8('!!'))).toBeUndefined();
    expect(decodeUserId(encodeUtf8('QQ=='))).toBeUndefined();
  });
});

describe('any bytes', () => {
  it('are read as a stream of data spaces or refused with a typed error', () => {
    const parsers = [parseVersion, parseMap, parseDefinition, parseRightsManagement, parseUseLicense];
    const seeds = [
      serializeVersion(currentVersion),
      map('EncryptedPackage', 'DRMEncryptedDataSpace'),
      serializeDefinition({ transforms: ['DRMEncryptedTransform'], headerTail: none, tail: none }),
      serializeRightsManagement(newRightsManagement(encodeUtf8('license'))),
      serializeUseLicense(newUseLicense('Windows:user@contoso.com', encodeUtf8('chain'))),
    ];
    const telling = [0, 1, 4, 0x7f, 0x80, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffc, 0xffff_ffff];
    fc.assert(
      fc.property(
        fc.nat(seeds.length - 1),
        fc.array(fc.tuple(fc.nat(200), fc.oneof(fc.nat(255), fc.constantFrom(...telling))), { maxLength: 5 }),
        fc.nat(220),
        (which, changes, length) => {
          const bytes = (seeds[which] as Uint8Array).slice(0, length);
          const view = new DataView(bytes.buffer);
          for (const [at, value] of changes) {
            if (value > 255 && at + 4 <= bytes.length) view.setUint32(at, value, true);
            else if (at < bytes.length) bytes[at] = value;
          }
          for (const parse of parsers)
            try {
              parse(bytes);
            } catch (error) {
              if (!(error instanceof SealwrightError)) throw error;
              expect(['MALFORMED_CONTAINER', 'LIMIT_EXCEEDED']).toContain(error.code);
            }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
