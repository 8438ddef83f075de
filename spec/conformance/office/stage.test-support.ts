import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { type Authority, createAuthority, createMemoryStore } from '../../../src/authority/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../../src/license/index.ts';

// What tests of Office documents share: real files where they are at hand, and an authority in memory.
// Real files name real people: titles and messages name files and fields only.

/** Where real files are, where they are. */
export const samples = '../shared/data/samples';
export const samplesPresent = existsSync(`${samples}/expected.json`);

export const sample = (path: string): Uint8Array => new Uint8Array(readFileSync(`${samples}/${path}`));

/** What was measured of each real file. */
export const expectedOf = <T>(path: string): T =>
  (JSON.parse(readFileSync(`${samples}/expected.json`, 'utf8')) as Record<string, T>)[path] as T;

/** Extensions that keep their name: protected the way Office does. */
const officeExtensions: ReadonlySet<string> = new Set(
  '.doc .docx .xls .xlsb .xlsm .xlsx .ppt .pptx .vsdx'.split(' '),
);

/** The ordinary documents of a kind, in the order of their names. */
export function ordinaryDocuments(kind: 'office' | 'other'): readonly string[] {
  if (!samplesPresent) return [];
  return readdirSync(`${samples}/plaintext`)
    .sort()
    .filter((name) => officeExtensions.has(extname(name)) === (kind === 'office'));
}

export const allCipherModes = [
  'MICROSOFT.CBC4K',
  'MICROSOFT.CBC4K.NOPADDING',
  'MICROSOFT.CBC512.NOPADDING',
  'MICROSOFT.ECB',
  'SEALWRIGHT.GCM64K',
] as const;

export const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW', 'EXTRACT'] }] };

/** An authority that lives as long as the test. */
export async function memoryAuthority(): Promise<Authority> {
  const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
  return createAuthority({ store: createMemoryStore(), custodian, name: 'Contoso' });
}

/** Compares without the minutes a test runner takes to compare long arrays. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

export const blobOf = (bytes: Uint8Array): Blob => new Blob([bytes as Uint8Array<ArrayBuffer>]);

/** The streams of a package that Office protected, by path. */
export function realPackage(): Readonly<Record<string, Uint8Array>> {
  const part = (name: string): Uint8Array => sample(`office-irm-streams-no-licence/rub-docx.${name}.bin`);
  return {
    '\x06DataSpaces/Version': part('Version'),
    '\x06DataSpaces/DataSpaceMap': part('DataSpaceMap'),
    '\x06DataSpaces/DataSpaceInfo/DRMEncryptedDataSpace': part('DataSpaceInfo-DRMEncryptedDataSpace'),
    '\x06DataSpaces/TransformInfo/DRMEncryptedTransform/\x06Primary': part(
      'TransformInfo-DRMEncryptedTransform-06Primary',
    ),
    EncryptedPackage: part('EncryptedPackage'),
    '\x05SummaryInformation': part('05SummaryInformation'),
    '\x05DocumentSummaryInformation': part('05DocumentSummaryInformation'),
  };
}
