import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { PdfDictionary, PdfDocument, PdfValue } from '../pdf-document.ts';
import { asCount, asDictionary, asName } from '../read/dictionary.ts';
import { licenseOfVersion1 } from './version-1-license.ts';

/** What the encryption dictionary of a rights-managed PDF says (spec/pdf.md, "Opening"). */
export interface PdfEncryption {
  readonly version: '1' | '2';
  /** As stored; in version 1 as it was before it was packed. */
  readonly license: Uint8Array;
  /** Whether units of each kind are encrypted. */
  readonly strings: boolean;
  readonly streams: boolean;
  readonly embeddedFiles: boolean;
  readonly metadata: boolean;
  /** Whether the crypt filter of this name encrypts. */
  encrypts(cryptFilter: string): boolean;
  /** The object that the dictionary is, if it is one. */
  readonly number: number | undefined;
}

/** The name of the security handler, in any case. */
const handler = 'microsoftirmservices';

/**
 * Reads the encryption dictionary of a document that is encrypted by rights management.
 *
 * Throws `NOT_PROTECTED` if it is not encrypted, `UNSUPPORTED_FORMAT` if it is in another way, `UNSUPPORTED_VERSION`,
 * `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`.
 */
export async function readEncryption(document: PdfDocument, options?: WaitOptions): Promise<PdfEncryption> {
  const stated = document.trailer.entries.get('Encrypt');
  const dictionary = asDictionary(await document.resolve(stated, options));
  if (dictionary === undefined) {
    if (document.encrypted) throw malformed('its encryption dictionary is not there');
    throw new SealwrightError(
      'NOT_PROTECTED',
      'This PDF is not protected. Nothing needs to be opened: use it as it is.',
    );
  }
  const get = (key: string): Promise<PdfValue> => document.resolve(dictionary.entries.get(key), options);
  const filter = asName(await get('Filter')) ?? '';
  if (filter.toLowerCase() !== handler)
    throw new SealwrightError(
      'UNSUPPORTED_FORMAT',
      filter === 'Standard'
        ? 'This PDF is encrypted with a password, not with rights management. Open it in its application with the password, or remove the password first.'
        : 'This PDF is encrypted in a way that is not supported. Open it in the application that it was made with.',
    );
  const version = await versionOf(get);
  const filters = await cryptFilters(document, asDictionary(await get('CF')), options);
  // Without any of the three nothing says what is not encrypted (our choice; no such file is known).
  const everything = ['CF', 'StmF', 'StrF'].every((key) => !dictionary.entries.has(key));
  const encrypts = (name: string | undefined): boolean => {
    if (name === undefined || name === 'Identity') return false;
    return filters.has(name) || unknownFilter(name);
  };
  const streamFilter = asName(await get('StmF'));
  const streams = everything || encrypts(streamFilter);
  const license = await licenseOf(await get('PublishingLicense'), version);
  return Object.freeze({
    version,
    license,
    streams,
    strings: everything || encrypts(asName(await get('StrF'))),
    embeddedFiles: dictionary.entries.has('EFF') ? encrypts(asName(await get('EFF'))) : streams,
    metadata: (await get('EncryptMetadata')) !== false,
    encrypts,
    number: typeof stated === 'object' && stated?.kind === 'reference' ? stated.number : undefined,
  });
}

async function versionOf(get: (key: string) => Promise<PdfValue>): Promise<'1' | '2'> {
  const value = await get('MicrosoftIRMVersion');
  if (value === null) return '1';
  const version = asCount(value) ?? Number(asName(value) ?? Number.NaN);
  if (version === 2) return '2';
  if (version <= 1) return '1';
  throw new SealwrightError(
    'UNSUPPORTED_VERSION',
    `This PDF is protected in version ${Number.isFinite(version) ? version : 'unknown'} of its format; 1 and 2 can be opened. Update Sealwright.`,
  );
}

/** The names of the crypt filters that leave encrypting to the handler. */
async function cryptFilters(
  document: PdfDocument,
  filters: PdfDictionary | undefined,
  options: WaitOptions | undefined,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const [name, value] of filters?.entries ?? []) {
    const entries = asDictionary(await document.resolve(value, options))?.entries;
    const method = asName(await document.resolve(entries?.get('CFM'), options)) ?? 'None';
    if (method === 'None') found.add(name);
  }
  return found;
}

function unknownFilter(name: string): never {
  throw new SealwrightError(
    'UNSUPPORTED_VERSION',
    `This PDF is encrypted by the crypt filter ${JSON.stringify(name.slice(0, 64))}, which rights management does not know. Open it in the application that it was made with.`,
  );
}

async function licenseOf(value: PdfValue, version: '1' | '2'): Promise<Uint8Array> {
  if (typeof value !== 'object' || value?.kind !== 'string' || value.bytes.length === 0)
    throw malformed('it holds no publishing license, so nobody can be asked for its key');
  const { bytes } = value;
  if (bytes.length > maxima.licenseBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The publishing license in this PDF has ${bytes.length} bytes; at most ${maxima.licenseBytes} are accepted.`,
    );
  return version === '1' ? licenseOfVersion1(bytes) : bytes.slice();
}

const malformed = (problem: string): SealwrightError =>
  new SealwrightError(
    'MALFORMED_CONTAINER',
    `The protected PDF is damaged: ${problem}. Get a fresh copy of the file.`,
  );
