import { concatBytes, decodeUtf8, encodeUtf8, maxima } from '../../bytes/index.ts';
import { cipherMode } from '../../cipher/index.ts';
import type { LocalizedName, Policy } from '../../rights/index.ts';
import type { UseLicense } from '../licensing-service.ts';

/** A use license as the cache keeps it. */
export interface KeptLicense {
  readonly license: UseLicense;
  /** When it was kept. */
  readonly keptAt: Date;
}

const version = 1;

/**
 * A use license as bytes: version, length of the content key, content key, JSON (spec/license-cache.md, "Entries"). The key is
 * not in the JSON because text cannot be wiped. `key` is the one it is to be kept under.
 *
 * @returns `undefined` for a license too large to be kept
 */
export function writeKeptLicense(key: string, { license, keptAt }: KeptLicense): Uint8Array | undefined {
  const { contentKey, ...rest } = license;
  const json = encodeUtf8(JSON.stringify({ key, keptAt, ...rest }));
  const length = 2 + contentKey.length + json.length;
  if (contentKey.length > 255 || length > maxima.licenseBytes) return undefined;
  return concatBytes([Uint8Array.of(version, contentKey.length), contentKey, json]);
}

/**
 * Reads what {@link writeKeptLicense} wrote under `key`; `undefined` for anything else. The content key is a copy.
 */
export function readKeptLicense(key: string, bytes: Uint8Array): KeptLicense | undefined {
  const keyLength = bytes[1];
  if (bytes.length > maxima.licenseBytes || bytes[0] !== version) return undefined;
  if (keyLength === undefined || ![16, 24, 32].includes(keyLength)) return undefined;
  try {
    const fields = record(JSON.parse(decodeUtf8(bytes.subarray(2 + keyLength))));
    if (fields.key !== key) return undefined;
    const license: UseLicense = {
      // Not slice: that of a Buffer is a view.
      contentKey: Uint8Array.from(bytes.subarray(2, 2 + keyLength)),
      cipherMode: cipherMode(text(fields.cipherMode)).name,
      rights: list(fields.rights, text),
      owner: text(fields.owner),
      issuedTo: text(fields.issuedTo),
      contentId: text(fields.contentId),
      templateId: optional(fields.templateId, text),
      contentValidUntil: optional(fields.contentValidUntil, time),
      licenseValidUntil: optional(fields.licenseValidUntil, time),
      onlineOnly: truth(fields.onlineOnly),
      referrer: optional(fields.referrer, text),
      policy: optional(fields.policy, policy),
      signedApplicationData: pairs(fields.signedApplicationData),
      encryptedApplicationData: pairs(fields.encryptedApplicationData),
    };
    return { license: Object.freeze(license), keptAt: time(fields.keptAt) };
  } catch {
    // Whatever is wrong with it: it is of no use, and a fresh license is one request away.
    return undefined;
  }
}

const unexpected = (): never => {
  throw new TypeError('unexpected value');
};

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : unexpected();

const text = (value: unknown): string => (typeof value === 'string' ? value : unexpected());

const whole = (value: unknown): number => (Number.isSafeInteger(value) ? (value as number) : unexpected());

const truth = (value: unknown): boolean => (typeof value === 'boolean' ? value : unexpected());

const list = <T>(value: unknown, item: (value: unknown) => T): readonly T[] =>
  Array.isArray(value) ? Object.freeze(value.map(item)) : unexpected();

const optional = <T>(value: unknown, read: (value: unknown) => T): T | undefined =>
  value === undefined ? undefined : read(value);

function time(value: unknown): Date {
  const date = new Date(text(value));
  return date.toISOString() === value ? date : unexpected();
}

const pairs = (value: unknown): Readonly<Record<string, string>> =>
  Object.freeze(
    Object.fromEntries(Object.entries(record(value)).map(([name, each]) => [name, text(each)] as const)),
  );

function policy(value: unknown): Policy {
  const fields = record(value);
  return Object.freeze({
    grants: list(fields.grants, (each) => {
      const { to, rights } = record(each);
      return Object.freeze({ to: text(to), rights: list(rights, text) });
    }),
    validFrom: optional(fields.validFrom, time),
    validUntil: optional(fields.validUntil, time),
    offlineDays: whole(fields.offlineDays),
    referrer: optional(fields.referrer, text),
    names: list(fields.names, localizedName),
    signedApplicationData: pairs(fields.signedApplicationData),
    encryptedApplicationData: pairs(fields.encryptedApplicationData),
  });
}

function localizedName(value: unknown): LocalizedName {
  const { lcid, name, description } = record(value);
  return Object.freeze({ lcid: whole(lcid), name: text(name), description: text(description) });
}
