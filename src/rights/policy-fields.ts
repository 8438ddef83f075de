import { encodeUtf8 } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import type { LocalizedName } from './policy.ts';
import { normalizeAddress } from './principal.ts';
import { quoteBriefly } from './rights.ts';

const minute = 60_000;
const maxNameLength = 256;
const maxDescriptionLength = 2048;
const maxReferrerLength = 2048;
const maxApplicationDataEntries = 64;
const maxApplicationDataBytes = 32 * 1024;
const maxApplicationDataKeyLength = 256;

// Licenses write a name as "LCID 1033:NAME x:DESCRIPTION y;"; the other characters break older consumers.
const forbiddenInName = /[<>%&/?;+\\:#]/;
// Nothing of these can stand in XML, or it would not come back as it was.
const notXml = /(?![\t\n])\p{Cc}|\p{Cs}|[\ufffe\uffff]/u;
const control = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/u;

const invalid = (message: string): SealwrightError => new SealwrightError('INVALID_ARGUMENT', message);

/** Checks names in several languages; throws `INVALID_ARGUMENT`. */
export function checkNames(names: readonly LocalizedName[]): readonly LocalizedName[] {
  const languages = new Set<number>();
  const checked = names.map(({ lcid, name, description }) => {
    if (!Number.isInteger(lcid) || lcid < 1 || lcid > 0xfffff)
      throw invalid(`${lcid} is not a Windows locale id: use a decimal one, such as 1033 for US English.`);
    if (languages.has(lcid)) throw invalid(`There are two names for locale ${lcid}: give one per language.`);
    languages.add(lcid);
    return Object.freeze({ lcid, name: checkName(name), description: checkDescription(description) });
  });
  return Object.freeze(checked);
}

function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > maxNameLength)
    throw invalid(`A name has 1 to ${maxNameLength} characters, not ${trimmed.length}.`);
  const offending = forbiddenInName.exec(trimmed)?.[0];
  if (offending !== undefined)
    throw invalid(
      `The name ${quoteBriefly(trimmed)} contains ${offending}, which not every reader of licenses understands: leave out < > % & / ? ; + \\ : #.`,
    );
  if (control.test(trimmed))
    throw invalid('A name contains a line break or control character: leave it out.');
  return trimmed;
}

function checkDescription(description: string): string {
  const trimmed = description.trim();
  if (trimmed.length > maxDescriptionLength)
    throw invalid(`A description has at most ${maxDescriptionLength} characters, not ${trimmed.length}.`);
  if (trimmed.includes(';') || control.test(trimmed))
    throw invalid(
      `The description ${quoteBriefly(trimmed)} contains a semicolon, line break or control character, where licenses end it: leave it out.`,
    );
  return trimmed;
}

/** Checks an offline interval in days; throws `INVALID_ARGUMENT`. */
export function checkOfflineDays(days: number): number {
  if (!Number.isInteger(days) || days < -1 || days > 9999)
    throw invalid(`${days} is not an offline interval: use -1 (unlimited), 0 (never) or 1 to 9999 days.`);
  return days;
}

/** A point in time as licenses keep it: whole minutes, years 1970 to 9999. Throws `INVALID_ARGUMENT`. */
export function checkMinute(date: Date, what: string, round: 'up' | 'down'): Date {
  const time = date.getTime();
  const rounded = (round === 'up' ? Math.ceil(time / minute) : Math.floor(time / minute)) * minute;
  const year = new Date(rounded).getUTCFullYear();
  if (!(time >= 0) || !(year <= 9999))
    throw invalid(`The ${what} is not a date between the years 1970 and 9999.`);
  return new Date(rounded);
}

/** Checks whom to ask for access: a mail address, or an http, https or mailto URL. Throws `INVALID_ARGUMENT`. */
export function checkReferrer(referrer: string): string {
  const trimmed = referrer.trim();
  if (trimmed.length <= maxReferrerLength && !/[\s\p{C}]/u.test(trimmed)) {
    if (!trimmed.includes(':')) return normalizeAddress(trimmed, 'referrer (mail address or URL)');
    // The referrer is shown as a link to people who are refused: nothing that could run there.
    if (/^(?:https?:\/\/|mailto:)/i.test(trimmed) && isUrl(trimmed)) return trimmed;
  }
  throw invalid(
    `${quoteBriefly(referrer)} is not a referrer: use a mail address, or a URL that starts with https: or mailto:.`,
  );
}

function isUrl(text: string): boolean {
  try {
    new URL(text);
    return true;
  } catch {
    return false;
  }
}

/** Checks name-value pairs of an application; throws `INVALID_ARGUMENT` or `LIMIT_EXCEEDED`. */
export function checkApplicationData(
  data: Readonly<Record<string, string>>,
  what: string,
): Readonly<Record<string, string>> {
  const entries = Object.entries(data);
  let bytes = 0;
  for (const [key, value] of entries) {
    if (key === '' || key.length > maxApplicationDataKeyLength || control.test(key))
      throw invalid(
        `${quoteBriefly(key)} is not a name for ${what}: use 1 to ${maxApplicationDataKeyLength} characters without control characters.`,
      );
    if (typeof value !== 'string' || notXml.test(value))
      throw invalid(
        `The value of ${quoteBriefly(key)} in ${what} is not text that a license can hold: use a string without control characters, base64 for bytes.`,
      );
    bytes += encodeUtf8(key).length + encodeUtf8(value).length;
  }
  if (entries.length > maxApplicationDataEntries || bytes > maxApplicationDataBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `There is too much ${what} (${entries.length} entries, ${bytes} bytes): a license holds ${maxApplicationDataEntries} entries and ${maxApplicationDataBytes} bytes.`,
    );
  return Object.freeze(Object.fromEntries(entries));
}
