import { malformedRow } from '../database/database-error.ts';

/** A row of the database, not yet believed. */
export type Row = Readonly<Record<string, unknown>>;

/** Reads fields of rows; whatever is not as it should be is `MALFORMED_ANSWER`. */
export interface RowReader {
  text(field: string, longest?: number): string;
  optionalText(field: string, longest?: number): string | undefined;
  /** A whole number from 0; the driver gives large ones as text. */
  count(field: string): number;
  optionalCount(field: string): number | undefined;
  flag(field: string): boolean;
  date(field: string): Date;
  optionalDate(field: string): Date | undefined;
  oneOf<const Value extends string>(field: string, values: readonly Value[]): Value;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether text is an id as the database writes one. */
export const isUuid = (text: string): boolean => uuid.test(text);

/** @param what the thing the row is, for messages: "A run" */
export function readRow(row: unknown, what: string): RowReader {
  if (typeof row !== 'object' || row === null) throw malformedRow(what, 'row');
  const fields = row as Row;
  const reader: RowReader = {
    text(field, longest = 65_536) {
      const value = fields[field];
      if (typeof value !== 'string' || value.length > longest) throw malformedRow(what, field);
      return value;
    },
    optionalText: (field, longest) => (isNone(fields[field]) ? undefined : reader.text(field, longest)),
    count(field) {
      const value = fields[field];
      const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0)
        throw malformedRow(what, field);
      return number;
    },
    optionalCount: (field) => (isNone(fields[field]) ? undefined : reader.count(field)),
    flag(field) {
      const value = fields[field];
      if (typeof value !== 'boolean') throw malformedRow(what, field);
      return value;
    },
    date(field) {
      const value = fields[field];
      // `infinity` comes as a number.
      if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw malformedRow(what, field);
      return value;
    },
    optionalDate: (field) => (isNone(fields[field]) ? undefined : reader.date(field)),
    oneOf(field, values) {
      const value = values.find((each) => each === fields[field]);
      if (value === undefined) throw malformedRow(what, field);
      return value;
    },
  };
  return reader;
}

const isNone = (value: unknown): value is null | undefined => value === null || value === undefined;
