import { SealwrightError } from '../../errors.ts';
import { type W3cField, w3cFields } from './w3c-format.ts';

/** One row as text, without quotes; a field the log does not have, or leaves empty, is empty. */
export type W3cRow = Readonly<Record<W3cField, string>>;

const malformed = (line: number, what: string): SealwrightError =>
  new SealwrightError(
    'INVALID_ARGUMENT',
    `Line ${line} of the log ${what}: expected a rights-management usage log in W3C extended form.`,
  );

/**
 * Reads a usage log in W3C extended form, ours or that of Azure RMS, older ones with fewer fields included.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` with the line that cannot be read.
 */
export function parseW3cLog(log: string): readonly W3cRow[] {
  const lines = log.replace(/^\ufeff/, '').split(/\r?\n/);
  if (lines[0]?.trim() !== '#Software: RMS') throw malformed(1, 'does not name the software RMS');
  if (!/^#Version: 1\.[01]\s*$/.test(lines[1] ?? ''))
    throw malformed(2, 'does not give a known version (1.0, 1.1)');
  let columns: readonly string[] = [];
  const rows: W3cRow[] = [];
  lines.forEach((line, index) => {
    if (line.startsWith('#Fields:')) columns = line.slice('#Fields:'.length).trim().split(/\s+/);
    else if (line !== '' && !line.startsWith('#')) rows.push(parseRow(line, columns, index + 1));
  });
  return rows;
}

function parseRow(line: string, columns: readonly string[], number: number): W3cRow {
  const values = line.split('\t');
  if (values.length !== columns.length)
    throw malformed(number, `has ${values.length} fields where the header names ${columns.length}`);
  const row = Object.fromEntries(
    w3cFields.map((field) => [field, unquoted(values[columns.indexOf(field)] ?? '')]),
  );
  return row as W3cRow;
}

const unquoted = (value: string): string => /^'(.*)'$/s.exec(value)?.[1] ?? value;
