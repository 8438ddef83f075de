import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BulkProgress } from '../../node/index.ts';
import { startSession } from '../session.ts';
import { terminalFor } from '../terminal.ts';
import { cellWidth, shortenMiddle } from './cell-width.ts';
import { inOrder } from './in-order.ts';
import { startProgressDisplay } from './progress-display.ts';
import { asciiBar, progressLine, progressRows } from './progress-text.ts';
import type { ProgressKind } from './run-options.ts';

const halfDone: BulkProgress = {
  found: 200_000,
  listed: true,
  done: 99_000,
  skipped: 998,
  failed: 2,
  bytesDone: 4e9,
  bytesFound: 8e9,
  filesPerSecond: 1893.4,
  bytesPerSecond: 75e6,
  secondsLeft: 52.3,
  current: 'share/Report.docx',
};

function shown(kind: ProgressKind, isTTY: boolean) {
  let text = '';
  let time = 0;
  const output = {
    isTTY,
    columns: 120,
    write(more: string) {
      text += more;
      return true;
    },
  };
  const { signal } = new AbortController();
  const session = startSession({
    stdout: output,
    stderr: output,
    stdin: process.stdin,
    env: { NO_COLOR: '1' },
    signal,
  });
  const display = startProgressDisplay(session, kind, () => time);
  return {
    display,
    text: () => text,
    at(milliseconds: number, progress: BulkProgress) {
      time = milliseconds;
      display.update(progress);
    },
  };
}

describe('progress', () => {
  it('says bar, percent, counts, rates, time left and failures, and below what is being worked on', () => {
    expect(progressRows(halfDone, terminalFor({}, {}), 120, asciiBar)).toEqual([
      '###############...............  50%  100,000 of 200,000 files  1,893 files/s  75 MB/s  53 s left  2 failed',
      '  share/Report.docx',
    ]);
  });

  it('says how many were found while the listing goes on', () => {
    const [row] = progressRows({ ...halfDone, listed: false }, terminalFor({}, {}), 120, asciiBar);
    expect(row).toMatch(/^listing, 200,000 found/);
  });

  it('never says 100 % before everything is settled', () => {
    expect(progressLine({ ...halfDone, bytesDone: 8e9 })).toMatch(/^99%/);
    expect(progressLine({ ...halfDone, done: 199_000 })).toMatch(/^100%/);
  });

  it('fits any terminal, whatever the names are made of', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 21, max: 300 }),
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.boolean(),
        (columns, current, listed) => {
          for (const row of progressRows(
            { ...halfDone, current, listed },
            terminalFor({}, {}),
            columns,
            asciiBar,
          ))
            expect(cellWidth(row)).toBeLessThan(columns);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('on a terminal draws both lines in one write, goes back up, and leaves nothing behind', () => {
    const { at, display, text } = shown('auto', true);
    at(100, halfDone);
    expect(text()).toBe('');
    at(500, halfDone);
    expect(text().replaceAll('\u001b', 'ESC')).toMatch(/^\r[^\n]+ESC\[K\n[^\n]+ESC\[KESC\[1A\r$/);
    display.stop();
    expect(text().endsWith('\r\u001b[J')).toBe(true);
  });

  it('elsewhere writes a plain line every ten seconds or five percent', () => {
    const { at, text } = shown('auto', false);
    at(500, halfDone);
    expect(text()).toBe('');
    at(2000, halfDone);
    at(4000, halfDone);
    expect(text()).toBe(`${progressLine(halfDone)}\n`);
    at(12_500, halfDone);
    expect(text().split('\n').length).toBe(3);
  });

  it('as JSON is a line a second at most, and the last in any case', () => {
    const { at, display, text } = shown('json', true);
    at(0, halfDone);
    at(200, { ...halfDone, done: 150_000 });
    display.stop();
    const lines = text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).progress.done);
    expect(lines).toEqual([99_000, 150_000]);
  });

  it('is silent on request', () => {
    const { at, text } = shown('none', true);
    at(60_000, halfDone);
    expect(text()).toBe('');
  });
});

describe('widths', () => {
  it('count letters of East Asia and pictures twice, and marks not at all', () => {
    expect(['abc', '東京', '😀', 'a\u0301', '\u001b[31mred\u001b[39m'].map(cellWidth)).toEqual([
      3, 4, 2, 1, 3,
    ]);
  });

  it('are kept by leaving out the middle, so that the name at the end is seen', () => {
    expect(shortenMiddle('/srv/share/department/report.docx', 20)).toBe('/srv/sh…/report.docx');
    expect(shortenMiddle('short', 20)).toBe('short');
    expect(cellWidth(shortenMiddle('東京都の報告書'.repeat(20), 21))).toBeLessThanOrEqual(21);
  });
});

describe('lines in order', () => {
  it('come in the order of their numbers, however they are settled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }), async (numbers) => {
        const given: number[] = [];
        const lines = inOrder<number>(10, async (item) => void given.push(item));
        for (const number of numbers) await lines.take(number, number);
        await lines.end();
        expect(given).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      }),
    );
  });

  it('are not held back without bounds for one that does not come', async () => {
    const given: number[] = [];
    const lines = inOrder<number>(3, async (item) => void given.push(item));
    for (const number of [2, 1, 3, 4, 0, 5]) await lines.take(number, number);
    expect(given).toEqual([1, 2, 3, 4, 0, 5]);
  });
});
