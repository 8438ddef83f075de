import { errorCodes, type SealwrightErrorCode } from '../../../errors.ts';
import type { FileOutcome, SkipReason } from '../outcome.ts';
import type { BulkOperation, TaskSettings } from '../task.ts';
import { packSettings, unpackSettings } from './packed-settings.ts';

/** The lines of a journal (spec/bulk.md, "Journal"). */
export type JournalLine =
  | { readonly kind: 'header'; readonly fingerprint: string; readonly operation: BulkOperation }
  | { readonly kind: 'session'; readonly at: string; readonly boot: string }
  | { readonly kind: 'settings'; readonly index: number; readonly settings: TaskSettings }
  | { readonly kind: 'begun'; readonly files: readonly BegunFile[] }
  | { readonly kind: 'settled'; readonly outcome: FileOutcome; readonly after: number }
  | { readonly kind: 'synced'; readonly length: number }
  | {
      readonly kind: 'end';
      readonly at: string;
      readonly complete: boolean;
      readonly milliseconds: number;
      readonly threads: number;
      readonly concurrency: number;
    };

export interface BegunFile {
  readonly number: number;
  readonly path: string;
  readonly relativePath: string;
  /** Which settings line applies. */
  readonly settings: number;
}

/** Bytes; no line that is written comes near. */
export const longestLine = 4 * 1024 * 1024;
export const journalVersion = 1;
export const journalFormat = 'sealwright bulk journal';

/** `undefined` if the line is none of ours, whatever it is. */
export function readLine(text: string): JournalLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  if (value.settled !== undefined) return readSettled(value);
  if (value.begun !== undefined) return readBegun(value);
  if (value.synced !== undefined)
    return isCount(value.synced) ? { kind: 'synced', length: value.synced } : undefined;
  if (value.settings !== undefined) return readSettings(value);
  if (value.session !== undefined) return readSession(value);
  if (value.end !== undefined) return readEnd(value);
  return value.format === journalFormat ? readHeader(value) : undefined;
}

export const headerLine = (fingerprint: string, operation: BulkOperation): string =>
  JSON.stringify({ format: journalFormat, version: journalVersion, fingerprint, operation });
export const sessionLine = (at: string, boot: string): string => JSON.stringify({ session: at, boot });
export const settingsLine = (index: number, settings: TaskSettings): string =>
  JSON.stringify({ settings: index, is: packSettings(settings) });
export const begunLine = (files: readonly BegunFile[]): string =>
  JSON.stringify({
    begun: files.map(({ number, path, relativePath, settings }) => [number, path, relativePath, settings]),
  });
export const syncedLine = (length: number): string => JSON.stringify({ synced: length });

/** What is of use to the next session or to a report. What else is known of a file goes to `onFile` and no further. */
export const settledLine = (outcome: FileOutcome, after: number): string => {
  const { facts: _, inspection: __, ...kept } = outcome;
  return JSON.stringify({ settled: kept, after });
};
export const endLine = (end: Omit<Extract<JournalLine, { kind: 'end' }>, 'kind'>): string => {
  const { at, ...rest } = end;
  return JSON.stringify({ end: at, ...rest });
};

type Fields = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown): value is string => typeof value === 'string';
const isTime = (value: unknown): value is string =>
  isText(value) && value.length <= 32 && !Number.isNaN(Date.parse(value));
const isDuration = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isAbsentOr = (value: unknown, is: (value: unknown) => boolean): boolean =>
  value === undefined || is(value);

const operations: readonly BulkOperation[] = ['protect', 'open', 'reprotect', 'unprotect', 'inspect'];
const codes: ReadonlySet<unknown> = new Set<SealwrightErrorCode>(errorCodes);
const reasons: ReadonlySet<unknown> = new Set(
  Object.keys({
    'protected-as-asked': true,
    'already-protected': true,
    'not-protected': true,
    'not-a-message': true,
    'labelled-as-asked': true,
    'by-rule': true,
    excluded: true,
    'not-selected': true,
    'symbolic-link': true,
    'special-file': true,
    'own-file': true,
    'dry-run': true,
  } satisfies Record<SkipReason, true>),
);

function readHeader({ version, fingerprint, operation }: Fields): JournalLine | undefined {
  if (version !== journalVersion || !isText(fingerprint) || !/^[0-9a-f]{64}$/.test(fingerprint))
    return undefined;
  const known = operations.find((each) => each === operation);
  return known && { kind: 'header', fingerprint, operation: known };
}

const readSession = ({ session, boot }: Fields): JournalLine | undefined =>
  isTime(session) && isText(boot) && boot.length <= 64 ? { kind: 'session', at: session, boot } : undefined;

/** What settings say is held against what this run was asked for before any of it is done. */
const readSettings = ({ settings, is }: Fields): JournalLine | undefined =>
  isCount(settings) && isRecord(is) && operations.some((each) => each === is.operation)
    ? { kind: 'settings', index: settings, settings: unpackSettings(is) }
    : undefined;

function readBegun({ begun }: Fields): JournalLine | undefined {
  if (!Array.isArray(begun)) return undefined;
  const files: BegunFile[] = [];
  for (const each of begun as readonly unknown[]) {
    if (!Array.isArray(each)) return undefined;
    const [number, path, relativePath, settings] = each as readonly unknown[];
    if (!isCount(number) || !isText(path) || !isText(relativePath) || !isCount(settings)) return undefined;
    files.push({ number, path, relativePath, settings });
  }
  return { kind: 'begun', files };
}

function readSettled({ settled, after }: Fields): JournalLine | undefined {
  if (!isRecord(settled) || !isDuration(after)) return undefined;
  const { number, path, status, reason, error } = settled;
  const isSound =
    isText(path) &&
    isAbsentOr(number, isCount) &&
    (status === 'done' || status === 'failed' || (status === 'skipped' && reasons.has(reason))) &&
    (['output', 'contentId', 'rule'] as const).every((name) => isAbsentOr(settled[name], isText)) &&
    (['bytesIn', 'bytesOut', 'milliseconds'] as const).every((name) =>
      isAbsentOr(settled[name], isDuration),
    ) &&
    isAbsentOr(settled.finishedEarlier, (value) => typeof value === 'boolean') &&
    isAbsentOr(reason, (value) => reasons.has(value)) &&
    isAbsentOr(error, (value) => isRecord(value) && codes.has(value.code) && isText(value.message));
  return isSound ? { kind: 'settled', outcome: settled as unknown as FileOutcome, after } : undefined;
}

function readEnd({ end, complete, milliseconds, threads, concurrency }: Fields): JournalLine | undefined {
  if (!isTime(end) || typeof complete !== 'boolean' || !isDuration(milliseconds)) return undefined;
  if (!isCount(threads) || !isCount(concurrency)) return undefined;
  return { kind: 'end', at: end, complete, milliseconds, threads, concurrency };
}
