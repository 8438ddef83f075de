import { bracedGuid, parseGuid } from '../../rights/index.ts';
import type { UsageRecord } from './usage-record.ts';

/** Every field of a row, in the order of the columns (spec/usage-log.md, "Fields"). */
export const w3cFields = [
  'date',
  'time',
  'row-id',
  'request-type',
  'user-id',
  'result',
  'correlation-id',
  'content-id',
  'owner-email',
  'issuer',
  'template-id',
  'file-name',
  'date-published',
  'c-info',
  'c-ip',
  'admin-action',
  'acting-as-user',
] as const;

/** Name of one column. */
export type W3cField = (typeof w3cFields)[number];

/** What stands before the rows. The software is named as existing readers of such logs expect it. */
export const w3cHeader = `#Software: RMS\n#Version: 1.1\n#Fields: ${w3cFields.join('\t')}\n`;

const maxValueLength = 2048;

/** A value that cannot end its field or row, nor open a quotation that swallows the next field. */
const plain = (value: string): string =>
  value
    .slice(0, maxValueLength)
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
    .replaceAll("'", '\u2019');

const text = (value: string | undefined): string => (value === undefined ? '' : plain(value));
const quoted = (value: string): string => `'${plain(value)}'`;
const quotedIfAny = (value: string | undefined): string => (value === undefined ? '' : quoted(value));
const inBraces = (id: string | undefined): string =>
  id !== undefined && parseGuid(id) !== undefined ? bracedGuid(id) : text(id);
const flag = (value: boolean | undefined): string => (value === undefined ? '' : value ? 'True' : 'False');

/** One row of the W3C extended form, with its line end. */
export function formatW3cRow(record: UsageRecord): string {
  const time = record.time.toISOString();
  const columns: Record<W3cField, string> = {
    date: time.slice(0, 10),
    time: time.slice(11, 19),
    'row-id': text(record.rowId),
    'request-type': text(record.requestType),
    'user-id': quoted(record.userId),
    result: quoted(record.result),
    'correlation-id': text(record.correlationId),
    'content-id': inBraces(record.contentId),
    'owner-email': text(record.ownerEmail),
    issuer: text(record.issuer),
    'template-id': inBraces(record.templateId),
    'file-name': text(record.fileName),
    'date-published': record.datePublished?.toISOString().slice(0, 19) ?? '',
    'c-info': quotedIfAny(record.clientInfo),
    'c-ip': text(record.clientAddress),
    'admin-action': flag(record.adminAction),
    'acting-as-user': quotedIfAny(record.actingAsUser),
  };
  return `${w3cFields.map((field) => columns[field]).join('\t')}\n`;
}

/**
 * The log in W3C extended form, piece by piece: the header, then a piece for each row.
 *
 * @example
 * ```ts
 * for await (const piece of formatW3cLog(authority.usageLog())) process.stdout.write(piece);
 * ```
 */
export async function* formatW3cLog(
  records: AsyncIterable<UsageRecord> | Iterable<UsageRecord>,
): AsyncGenerator<string> {
  yield w3cHeader;
  for await (const record of records) yield formatW3cRow(record);
}
