import { describe, expect, it } from 'vitest';
import { concatBytes, encodeUtf8, memorySource } from '../../bytes/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../compound-file/layout.ts';
import type { NewStorage, NewStream } from '../compound-file/new-compound-file.ts';
import { readCompoundFile } from '../compound-file/read.ts';
import { dataSpaceEntries } from './data-space-entries.ts';
import { serializeDefinition } from './data-spaces/definition.ts';
import { serializeMap } from './data-spaces/map.ts';
import { binaryNames, packageNames } from './data-spaces/names.ts';
import {
  newRightsManagement,
  passwordEncryptionId,
  serializeRightsManagement,
} from './data-spaces/transform.ts';
import { currentVersion, serializeVersion, type VersionNumber } from './data-spaces/version.ts';
import { checkModifiable } from './find-protected.ts';
import { officeHeader } from './layout.ts';
import { license, put } from './protected-file.test-support.ts';
import { readOffice } from './read.ts';

type Entry = NewStorage | NewStream;
const none = new Uint8Array(0);
const stream = (name: string, content: Uint8Array): NewStream => ({ kind: 'stream', name, content });
const storage = (name: string, ...entries: readonly Entry[]): NewStorage => ({
  kind: 'storage',
  name,
  entries,
});
const sized = (size: bigint, length: number): Uint8Array => {
  const bytes = new Uint8Array(8 + length);
  new DataView(bytes.buffer).setBigUint64(0, size, true);
  return bytes;
};

async function compound(...entries: readonly Entry[]): Promise<Uint8Array> {
  const layout = layoutCompoundFile({ entries });
  return new Uint8Array(await compoundFileSource(layout).read(0, layout.size));
}

/** The parts of a sound file, any of which can be replaced. */
interface Parts {
  readonly version?: readonly Entry[];
  readonly map?: readonly Entry[];
  readonly definition?: readonly Entry[];
  readonly transform?: readonly Entry[];
  readonly content?: readonly Entry[];
}

const mapOf = (...entries: readonly (readonly [content: string, dataSpace: string])[]): NewStream =>
  stream(
    'DataSpaceMap',
    serializeMap({
      entries: entries.map(([name, dataSpace]) => ({
        components: [{ kind: 'stream', name }],
        dataSpace,
        tail: none,
      })),
      headerTail: none,
      tail: none,
    }),
  );
const definitionOf = (name: string, ...transforms: readonly string[]): NewStream =>
  stream(name, serializeDefinition({ transforms, headerTail: none, tail: none }));
const transformOf = (name: string, id?: string, stored = license): NewStorage => {
  const transform = newRightsManagement(stored);
  const header = { ...transform.header, ...(id !== undefined && { id }) };
  return storage(name, stream('\x06Primary', serializeRightsManagement({ ...transform, header })));
};
const versionOf = (reader: VersionNumber): NewStream =>
  stream(
    'Version',
    serializeVersion({ ...currentVersion, versions: { ...currentVersion.versions, reader } }),
  );

const file = (parts: Parts): Promise<Uint8Array> =>
  compound(
    ...(parts.content ?? [stream('EncryptedPackage', sized(10n, 16))]),
    storage(
      '\x06DataSpaces',
      ...(parts.version ?? [versionOf({ major: 1, minor: 0 })]),
      ...(parts.map ?? [mapOf(['EncryptedPackage', 'Space'])]),
      storage('DataSpaceInfo', ...(parts.definition ?? [definitionOf('Space', 'Transform')])),
      storage('TransformInfo', ...(parts.transform ?? [transformOf('Transform')])),
    ),
  );

const sizes = { originalSize: 5000, contentSize: 5336 };
const read = async (bytes: Uint8Array) => readOffice(memorySource(bytes));
const refusal = (code: string, sentence: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(sentence) });

describe('reading a protected Office file', () => {
  it('goes by its map and not by names', async () => {
    expect(await read(await file({}))).toMatchObject({ contentStream: 'EncryptedPackage', originalSize: 10 });
    const renamed = await file({
      content: [stream('Whatever', sized(3n, 16))],
      map: [mapOf(['wHATEVER', '1234'])],
      definition: [definitionOf('1234', 'T')],
      transform: [transformOf('T', '{c73dfacd-061f-43b0-8b64-0c620d2a8b50}')],
    });
    expect(await read(renamed)).toMatchObject({ contentStream: 'Whatever', originalSize: 3 });
  });

  it('finds the document beside the copy that old viewers showed', async () => {
    const viewer = await file({
      content: [stream('\x09DRMContent', sized(5n, 16)), stream('\x09DRMViewerContent', sized(1n, 16))],
      map: [mapOf(['\x09DRMViewerContent', '\x09LZXDRMDataSpace'], ['\x09DRMContent', '\x09DRMDataSpace'])],
      definition: [
        definitionOf('\x09LZXDRMDataSpace', '\x09DRMTransform', '\x09LZXTransform'),
        definitionOf('\x09DRMDataSpace', '\x09DRMTransform'),
      ],
      transform: [transformOf('\x09DRMTransform')],
    });
    expect(await read(viewer)).toMatchObject({ contentStream: '\x09DRMContent', originalSize: 5 });
  });

  it('opens a document among 10,000 other streams', async () => {
    const others = Array.from({ length: 10_000 }, (_, i) => stream(`stream ${i}`, encodeUtf8('x')));
    const bytes = await compound(
      ...others,
      stream('EncryptedPackage', sized(10n, 16)),
      dataSpaceEntries({ names: packageNames, license, labelInfo: none, useLicenses: [] }),
    );
    expect(await read(bytes)).toMatchObject({ originalSize: 10, publishingLicense: license });
  });

  it('opens in spite of damaged labels, property sets and use licenses', async () => {
    const transform = transformOf('Transform');
    const bytes = await file({
      content: [
        stream('EncryptedPackage', sized(10n, 16)),
        stream('\x05DocumentSummaryInformation', new Uint8Array(3 * 1024 * 1024)),
      ],
      transform: [
        { ...transform, entries: [...transform.entries, stream('EUL-A', encodeUtf8('damaged'))] },
        stream('LabelInfo', new Uint8Array(2 * 1024 * 1024)),
      ],
    });
    expect(await read(bytes)).toMatchObject({ metadata: none, documentSummary: none, useLicenses: [] });
  });

  it('looks at no more use licenses than anyone has', async () => {
    const transform = transformOf('Transform');
    const stored = dataSpaceEntries({
      names: packageNames,
      license,
      labelInfo: none,
      useLicenses: [
        { streamName: 'EUL-A', userId: 'Windows:user@contoso.com', license: encodeUtf8('chain') },
      ],
    });
    const entries = Array.from({ length: 1000 }, (_, i) => stream(`eul-${i}`, encodeUtf8('damaged')));
    const bytes = await file({ transform: [{ ...transform, entries: [...transform.entries, ...entries] }] });
    expect((await read(bytes)).useLicenses).toEqual([]);
    const sound = await compound(stream('EncryptedPackage', sized(10n, 16)), stored);
    expect((await read(sound)).useLicenses).toHaveLength(1);
    const large = Array.from({ length: 8 }, (_, i) => ({
      streamName: `EUL-${i}`,
      userId: 'Windows:user@contoso.com',
      license: new Uint8Array(1024 * 1024 - 200),
    }));
    const kept = dataSpaceEntries({ names: packageNames, license, labelInfo: none, useLicenses: large });
    const heavy = await compound(stream('EncryptedPackage', sized(10n, 16)), kept);
    expect((await read(heavy)).useLicenses).toHaveLength(4);
  });
});

describe('changing a protected Office file', () => {
  const check = async (bytes: Uint8Array) => checkModifiable(await readCompoundFile(memorySource(bytes)));

  it('is refused if the file asks for newer programs to do so, although it can be read', async () => {
    const updater = { major: 1, minor: 1 };
    const newer = stream(
      'Version',
      serializeVersion({ ...currentVersion, versions: { ...currentVersion.versions, updater } }),
    );
    const bytes = await file({ version: [newer] });
    expect(await read(bytes)).toMatchObject({ originalSize: 10 });
    await expect(check(bytes)).rejects.toThrow(refusal('UNSUPPORTED_VERSION', /version 1\.1 of data spaces/));
    await check(await file({}));
  });
});

describe('an Office file that cannot be read', () => {
  it.each([
    ['a plain text', () => Promise.resolve(encodeUtf8('hello')), 'NOT_PROTECTED', /no compound file/],
    ['nothing', () => Promise.resolve(none), 'NOT_PROTECTED', /no compound file/],
    [
      'an unprotected document',
      () => compound(stream('WordDocument', none)),
      'NOT_PROTECTED',
      /is not protected/,
    ],
    [
      'a password-encrypted package without data spaces',
      () => compound(stream('EncryptionInfo', none), stream('EncryptedPackage', none)),
      'UNSUPPORTED_FORMAT',
      /with a password/,
    ],
    [
      'a password-encrypted package',
      () => file({ transform: [transformOf('Transform', passwordEncryptionId)] }),
      'UNSUPPORTED_FORMAT',
      /with a password/,
    ],
    [
      'an unknown transform',
      () => file({ transform: [transformOf('Transform', '{01234567-89AB-CDEF-0123-456789ABCDEF}')] }),
      'UNSUPPORTED_FORMAT',
      /transform "\{01234567-89AB-CDEF-0123-456789ABCDEF\}".*application/,
    ],
    [
      'two transforms',
      () => file({ definition: [definitionOf('Space', 'Transform', 'Transform')] }),
      'UNSUPPORTED_FORMAT',
      /several transforms/,
    ],
    [
      'a newer version',
      () => file({ version: [versionOf({ major: 2, minor: 0 })] }),
      'UNSUPPORTED_VERSION',
      /version 2\.0.*Update Sealwright/,
    ],
    [
      'an empty license',
      () => file({ transform: [transformOf('Transform', undefined, none)] }),
      'MALFORMED_CONTAINER',
      /no publishing license/,
    ],
    ['no version', () => file({ version: [] }), 'MALFORMED_CONTAINER', /stream "Version".* is missing/],
    ['no map', () => file({ map: [] }), 'MALFORMED_CONTAINER', /stream "DataSpaceMap".* is missing/],
    ['an empty map', () => file({ map: [mapOf()] }), 'MALFORMED_CONTAINER', /names nothing/],
    [
      'no definition',
      () => file({ definition: [] }),
      'MALFORMED_CONTAINER',
      /stream "DataSpaceInfo" in "Space".* is missing/,
    ],
    [
      'a definition without transform',
      () => file({ definition: [definitionOf('Space')] }),
      'MALFORMED_CONTAINER',
      /names no transform/,
    ],
    ['no transform', () => file({ transform: [] }), 'MALFORMED_CONTAINER', /transform.* is missing/],
    [
      'a storage in place of the transform',
      () => file({ transform: [storage('Transform', storage('\x06Primary'))] }),
      'MALFORMED_CONTAINER',
      /transform.* is missing/,
    ],
    ['no content', () => file({ content: [] }), 'MALFORMED_CONTAINER', /protected content is missing/],
    [
      'content without its size',
      () => file({ content: [stream('EncryptedPackage', new Uint8Array(7))] }),
      'MALFORMED_CONTAINER',
      /ends before the size/,
    ],
    [
      'content shorter than stated',
      () => file({ content: [stream('EncryptedPackage', sized(17n, 16))] }),
      'MALFORMED_CONTAINER',
      /document of 17 bytes.*has 16/,
    ],
    [
      'content of an impossible size',
      () => file({ content: [stream('EncryptedPackage', sized(2n ** 64n - 1n, 16))] }),
      'MALFORMED_CONTAINER',
      /18446744073709551615/,
    ],
    [
      'content without data spaces',
      () => compound(stream(binaryNames.content, sized(10n, 16))),
      'MALFORMED_CONTAINER',
      /says how its content is protected is missing/,
    ],
    [
      'a license beyond the limit',
      () => file({ transform: [transformOf('Transform', undefined, new Uint8Array(1024 * 1024 + 4))] }),
      'LIMIT_EXCEEDED',
      /claims 1048580/,
    ],
    [
      'data spaces beyond the limit',
      () => file({ map: [stream('DataSpaceMap', new Uint8Array(65 * 1024))] }),
      'LIMIT_EXCEEDED',
      /at most 65536/,
    ],
  ] as const)('%s: is refused with a sentence that says why', async (_, make, code, sentence) => {
    await expect(make().then(read)).rejects.toThrow(refusal(code, sentence));
  });

  it('is cut anywhere: a typed error, or the same license and size', async () => {
    const whole = await file({ content: [stream('EncryptedPackage', sized(5000n, 5008))] });
    for (let length = 0; length < whole.length; length += 61) {
      const outcome = await read(whole.subarray(0, length)).then(
        ({ originalSize }) => originalSize,
        ({ code }) => code,
      );
      expect([5000, 'NOT_PROTECTED', 'MALFORMED_CONTAINER']).toContain(outcome);
    }
  });

  it('is cut inside the last sector of its content: nothing is taken for zeros', async () => {
    const header = officeHeader({ publishingLicense: license, originalExtension: '', ...sizes });
    const content = new Uint8Array(sizes.contentSize).fill(7);
    const whole = put(header, content);
    const end = header.bytes.length + sizes.contentSize;
    expect(whole.length - end).toBe(288);
    for (let length = end - 20; length < whole.length; length++) {
      const reading = read(whole.subarray(0, length)).then((found) => found.content.read(0, 10_000));
      if (length < end) await expect(reading).rejects.toMatchObject({ code: 'MALFORMED_CONTAINER' });
      else expect(Buffer.compare(await reading, content)).toBe(0);
    }
  });

  it('stops when it is told to', async () => {
    const bytes = concatBytes([await file({})]);
    const reason = new Error('enough');
    await expect(
      readOffice(
        {
          ...memorySource(bytes),
          read: (offset, length, options) => {
            options?.signal?.throwIfAborted();
            return bytes.subarray(offset, offset + length);
          },
        },
        { signal: AbortSignal.abort(reason) },
      ),
    ).rejects.toBe(reason);
  });
});
