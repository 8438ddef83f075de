import { SealwrightError } from '../../errors.ts';
import type { TaskSettings } from '../../node/bulk/core.ts';
import { malformedRow } from '../database/database-error.ts';

type Plain = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value.length <= 4096;
const flag: Check = (value) => typeof value === 'boolean';
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const time: Check = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string);
const listOf =
  (check: Check, most = 10_000): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(check);
const isRecord = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const mapOf =
  (check: Check, most = 100_000): Check =>
  (value) =>
    isRecord(value) && Object.keys(value).length <= most && Object.values(value).every(check);
/** A record with these fields and no others; those with `!` must be there. */
const record = (fields: Readonly<Record<string, Check>>): Check => {
  const required = Object.keys(fields).filter((name) => name.endsWith('!'));
  const checks = new Map(Object.entries(fields).map(([name, check]) => [name.replace('!', ''), check]));
  return (value) =>
    isRecord(value) &&
    required.every((name) => Object.hasOwn(value, name.slice(0, -1))) &&
    Object.entries(value).every(([name, each]) => checks.get(name)?.(each) === true);
};

const policy = record({
  'grants!': listOf(record({ 'to!': text, 'rights!': (value) => text(value) || listOf(text)(value) })),
  validFrom: time,
  validUntil: time,
  offlineDays: number,
  referrer: text,
  names: listOf(record({ 'lcid!': number, 'name!': text, 'description!': text })),
  signedApplicationData: mapOf((value) => typeof value === 'string'),
  encryptedApplicationData: mapOf((value) => typeof value === 'string'),
});

const label = record({
  'id!': text,
  'siteId!': text,
  name: text,
  method: oneOf('Standard', 'Privileged'),
  setDate: time,
  contentBits: number,
  actionId: text,
  owner: text,
  parentId: text,
  extended: mapOf(text),
});

/** Bytes, as they are kept; no longer than the settings as a whole. */
const base64: Check = (value) => typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
const longText: Check = (value) => typeof value === 'string';

const documentSettings = record({
  pdf: record({
    wrapper: flag,
    cover: record({
      languages: listOf(text, 100),
      texts: listOf(record({ 'language!': text, 'title!': text, 'paragraphs!': listOf(longText, 100) }), 100),
      paper: oneOf('a4', 'letter'),
      document: base64,
    }),
  }),
  mail: record({ protectAttachments: flag, stub: record({ 'plain!': longText, html: longText }) }),
});

/** What a run may say of how its files are done. It is for the workers to believe, who have the keys: nothing else gets through. */
const settings = record({
  'operation!': oneOf('protect', 'open', 'reprotect', 'unprotect', 'inspect'),
  dryRun: flag,
  rule: text,
  policy,
  template: text,
  messagePolicy: record({
    'rights!': oneOf('do-not-forward', 'encrypt-only'),
    validFrom: time,
    validUntil: time,
    referrer: text,
  }),
  label,
  interop: oneOf('microsoft'),
  cipherMode: text,
  format: oneOf('pfile', 'office', 'pdf', 'mail'),
  documentSettings,
  mailAs: oneOf('eml', 'msg'),
  owner: text,
  owners: mapOf(text),
  require: listOf(text),
  out: text,
  inPlace: flag,
  overwrite: flag,
  mode: number,
  durable: flag,
});

/** Largest settings that are kept and read, in characters. */
export const maxSettings = 16 * 1024 * 1024;

/**
 * Settings as they are kept. Absent fields are left out; times become ISO text, bytes become Base64.
 *
 * @throws SealwrightError `LIMIT_EXCEEDED` for settings that are too long to be kept: only a cover page is
 */
export function settingsJson(value: TaskSettings): string {
  const json = JSON.stringify(value, (_, each: unknown) =>
    each instanceof Uint8Array ? Buffer.from(each).toString('base64') : each,
  );
  if (json.length <= maxSettings) return json;
  throw new SealwrightError(
    'LIMIT_EXCEEDED',
    `What the run says of its files takes ${json.length} characters, and the database keeps ${maxSettings}. Give a smaller PDF as the cover page.`,
  );
}

/**
 * Reads settings of a run.
 *
 * @throws SealwrightError `MALFORMED_ANSWER`
 */
export function parseSettings(json: string): TaskSettings {
  const value = parseJson(json);
  if (!settings(value)) throw malformedRow('The settings of a run', fieldAtFault(value));
  return Object.freeze(withTimes(value as Plain)) as unknown as TaskSettings;
}

function parseJson(json: string): unknown {
  if (json.length > maxSettings) throw malformedRow('The settings of a run', 'length');
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw malformedRow('The settings of a run', 'JSON');
  }
}

function withTimes(value: Plain): Plain {
  const dated = (part: unknown, ...names: readonly string[]): unknown =>
    isRecord(part)
      ? Object.freeze({
          ...part,
          ...Object.fromEntries(
            names
              .filter((name) => typeof part[name] === 'string')
              .map((name) => [name, new Date(part[name] as string)]),
          ),
        })
      : part;
  return {
    ...value,
    ...(value.policy !== undefined && { policy: dated(value.policy, 'validFrom', 'validUntil') }),
    ...(value.messagePolicy !== undefined && {
      messagePolicy: dated(value.messagePolicy, 'validFrom', 'validUntil'),
    }),
    ...(value.label !== undefined && { label: dated(value.label, 'setDate') }),
    ...(value.documentSettings !== undefined && { documentSettings: withBytes(value.documentSettings) }),
  };
}

/** Document settings with the bytes of the cover page. */
function withBytes(settings: unknown): unknown {
  const { pdf, ...others } = settings as {
    readonly pdf?: { readonly cover?: { readonly document?: string } };
  };
  const document = pdf?.cover?.document;
  if (document === undefined) return settings;
  const bytes = new Uint8Array(Buffer.from(document, 'base64'));
  return { ...others, pdf: { ...pdf, cover: { ...pdf?.cover, document: bytes } } };
}

/** Which field it is, for the message; a nested one by its outermost name. */
function fieldAtFault(value: unknown): string {
  if (!isRecord(value)) return 'record';
  const { operation, ...others } = value;
  if (!settings({ operation })) return 'operation';
  const [name] =
    Object.entries(others).find(([field, each]) => !settings({ operation, [field]: each })) ?? [];
  return (name ?? 'record').replaceAll(/[^\w]/g, '?').slice(0, 40);
}
