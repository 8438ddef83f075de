import { describe, expect, it } from 'vitest';
import { columns } from './columns.ts';
import { firstSentence } from './failure.ts';
import { printable } from './printable.ts';
import { startProgressBar } from './progress-bar.ts';
import { byteCount, countOf } from './quantity.ts';
import { startSession } from './session.ts';
import { terminalFor } from './terminal.ts';
import { parseTime, parseWholeNumber } from './time-option.ts';

describe('text from files', () => {
  it('cannot send commands to the terminal', () => {
    expect(printable('a\u001b[31mb\r\nc\u0007')).toBe('a\\x1b[31mb\\x0d\\x0ac\\x07');
  });

  it('cannot turn the direction of writing or hide characters', () => {
    expect(printable('txt.\u202efdp\u200b')).toBe('txt.\\u{202e}fdp\\u{200b}');
  });

  it('keeps letters of every language', () => {
    expect(printable('Büro 東京 отчёт')).toBe('Büro 東京 отчёт');
  });
});

describe('styles', () => {
  it('are used on a terminal only', () => {
    expect(terminalFor({ isTTY: true }, {}).red('x')).toBe('\u001b[31mx\u001b[39m');
    expect(terminalFor({}, {}).red('x')).toBe('x');
  });

  it('are switched off by NO_COLOR and by a dumb terminal', () => {
    expect(terminalFor({ isTTY: true }, { NO_COLOR: '1' }).red('x')).toBe('x');
    expect(terminalFor({ isTTY: true }, { TERM: 'dumb' }).red('x')).toBe('x');
  });

  it('take no room in columns', () => {
    const { bold } = terminalFor({ isTTY: true }, {});
    expect(
      columns([
        [bold('a'), 'b'],
        ['ccc', 'd'],
      ]),
    ).toEqual([`${bold('a')}    b`, 'ccc  d']);
  });
});

describe('quantities', () => {
  it('are rounded for a person', () => {
    expect([0, 999, 1000, 1864, 9_999_999, 5_000_000_000].map(byteCount)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '1.9 kB',
      '10 MB',
      '5.0 GB',
    ]);
  });

  it('agree with their noun', () => {
    expect([countOf(1, 'file'), countOf(2, 'file')]).toEqual(['1 file', '2 files']);
  });
});

describe('times', () => {
  it('that are a date begin at midnight here, and are over at the next one', () => {
    expect(parseTime('2026-12-31', '--x', 'start')).toEqual(new Date(2026, 11, 31));
    expect(parseTime('2026-12-31', '--x', 'end')).toEqual(new Date(2027, 0, 1));
  });

  it('may name a zone', () => {
    expect(parseTime('2026-12-31T17:00Z', '--x', 'end').toISOString()).toBe('2026-12-31T17:00:00.000Z');
  });

  it('may count from now', () => {
    const now = new Date('2026-01-01T00:00:00Z');
    expect(parseTime('+30d', '--x', 'end', now).toISOString()).toBe('2026-01-31T00:00:00.000Z');
    expect(parseTime('+12h', '--x', 'end', now).toISOString()).toBe('2026-01-01T12:00:00.000Z');
  });

  it.each(['2026-02-30', 'tomorrow', '31.12.2026', '2026-13-01', '2026-12-31T25:00Z', ''])(
    'are refused when they are no time: %j',
    (text) => {
      expect(() => parseTime(text, '--valid-until', 'end')).toThrow(/--valid-until does not understand/);
    },
  );

  it('of days are whole numbers within bounds', () => {
    expect(parseWholeNumber('-1', '--offline-days', -1, 9999)).toBe(-1);
    expect(() => parseWholeNumber('1.5', '--offline-days', -1, 9999)).toThrow(/from -1 to 9999, not "1.5"/);
    expect(() => parseWholeNumber('10000', '--offline-days', -1, 9999)).toThrow(/--offline-days/);
  });
});

describe('the progress bar', () => {
  function bar(isTTY: boolean, clock: () => number) {
    let text = '';
    const output = {
      isTTY,
      columns: 80,
      write(more: string) {
        text += more;
        return true;
      },
    };
    const signal = new AbortController().signal;
    const session = startSession({ stdout: output, stderr: output, stdin: process.stdin, env: {}, signal });
    return { bar: startProgressBar(session, 'big.iso', clock), text: () => text };
  }

  it('stays away for half a second, then shows how far the work is, and clears its line at the end', () => {
    let time = 0;
    const { bar: shown, text } = bar(true, () => time);
    time = 400;
    shown.update(10, 100);
    expect(text()).toBe('');
    time = 1000;
    shown.update(50, 100);
    expect(text()).toContain('[############............]  50%  50 B/s  big.iso');
    shown.stop();
    expect(text().endsWith('\r\u001b[K')).toBe(true);
  });

  it('is for terminals only', () => {
    const { bar: silent, text } = bar(false, () => 10_000);
    silent.update(50, 100);
    silent.stop();
    expect(text()).toBe('');
  });
});

describe('the first sentence of a message', () => {
  it('leaves the advice out', () => {
    expect(firstSentence('"a.txt" is protected already. Use reprotect.', '/x/a.txt')).toBe(
      '"a.txt" is protected already.',
    );
  });

  it('does not end within the name of the file', () => {
    expect(firstSentence('/x/Plan No. A.docx is no file. Look.', '/x/Plan No. A.docx')).toBe(
      '/x/Plan No. A.docx is no file.',
    );
  });

  it('is the whole message where it has no other', () => {
    expect(firstSentence('a.txt does not exist: check the name.', 'b')).toBe(
      'a.txt does not exist: check the name.',
    );
  });
});
