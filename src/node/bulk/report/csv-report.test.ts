import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileOutcome } from '../outcome.ts';
import { csvCell, csvColumns, csvReport } from './csv-report.ts';
import { inTurn, textOf } from './made-up-run.test-support.ts';

/** Reads CSV by RFC 4180, and nothing that is not. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      const [cell, end] = text[at] === '"' ? quoted(text, at) : plain(text, at);
      row.push(cell);
      at = end + 1;
      if (text[end] === ',') continue;
      if (text.slice(end, end + 2) !== '\r\n') throw new Error(`no end of line at ${end}`);
      at = end + 2;
      break;
    }
    rows.push(row);
  }
  return rows;
}

function plain(text: string, at: number): [string, number] {
  const end = at + text.slice(at).search(/[,\r]/);
  const cell = text.slice(at, end);
  if (/["\n]/.test(cell)) throw new Error(`a quote or line end in a plain cell at ${at}`);
  return [cell, end];
}

function quoted(text: string, at: number): [string, number] {
  let cell = '';
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] !== '"') cell += text[i];
    else if (text[i + 1] === '"') cell += text[++i];
    else return [cell, i + 1];
  }
  throw new Error(`a cell that begins at ${at} does not end`);
}

const withoutApostrophe = (cell: string): string => (cell.startsWith("'") ? cell.slice(1) : cell);

// Letters that make trouble in file names, and any others.
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '"',
        ',',
        '\r',
        '\n',
        '\r\n',
        ';',
        '\t',
        '=',
        '+',
        '-',
        '@',
        "'",
        '＝',
        ' ',
        '\u202e',
        '\u0000',
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { maxLength: 20 },
  )
  .map((pieces) => pieces.join(''));

describe('the table of a run', () => {
  it('has a line for each file under a heading, and is marked as UTF-8 for spreadsheets', async () => {
    const outcomes: FileOutcome[] = [
      {
        number: 0,
        path: 'a.txt',
        status: 'done',
        output: 'a.ptxt',
        bytesIn: 5,
        bytesOut: 900,
        milliseconds: 1.26,
      },
      { number: 1, path: 'b.txt', status: 'skipped', reason: 'by-rule', rule: 'drafts' },
      {
        number: undefined,
        path: 'c',
        status: 'failed',
        error: { code: 'PERMISSION_DENIED', message: 'No.' },
      },
    ];
    const text = await textOf(csvReport(inTurn(outcomes)));
    expect(text).toBe(
      `\ufeff${csvColumns.join(',')}\r\n0,done,a.txt,a.ptxt,,,,,,5,900,1.3,\r\n1,skipped,b.txt,,by-rule,,,drafts,,,,,\r\n,failed,c,,,PERMISSION_DENIED,No.,,,,,,\r\n`,
    );
  });

  it('gives back every name as it is, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(hostile, hostile), { maxLength: 5 }), async (names) => {
        const outcomes = names.map(([path, message], number): FileOutcome => {
          return { number, path, status: 'failed', error: { code: 'IO_FAILED', message } };
        });
        const [heading, ...rows] = parseCsv((await textOf(csvReport(inTurn(outcomes)))).slice(1));
        expect(heading).toEqual([...csvColumns]);
        expect(rows.map((row) => [row[2], row[6]].map((cell) => withoutApostrophe(cell ?? '')))).toEqual(
          names,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('holds no cell that a spreadsheet would carry out', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const [[cell = ''] = []] = parseCsv(`${csvCell(name)}\r\n`);
        expect(cell).not.toMatch(/^[\s\p{Cc}]*[=+\-@＝＋－＠]/u);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['=cmd|calc', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1'])(
    'takes the power from %j',
    (name) => {
      expect(csvCell(name).replace(/^"/, '')).toMatch(/^'/);
    },
  );
});
