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

/** What a run may say of how its files are done. It is for the workers to believe, who have the keys: nothing else gets through. */
const settings = record({
  'operation!': oneOf('protect', 'open', 'reprotect', 'unprotect', 'inspect'),
  dryRun: flag,
  rule: text,
  policy,
  template: text,
  label,
  interop: oneOf('microsoft'),
  cipherMode: text,
  format: oneOf('pfile', 'office'),
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

/** Settings as they are kept. Absent fields are left out; times become ISO text. */
export const settingsJson = (value: TaskSettings): string => JSON.stringify(value);

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
    ...(value.label !== undefined && { label: dated(value.label, 'setDate') }),
  };
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
