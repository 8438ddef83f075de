import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileOutcome } from '../outcome.ts';
import { htmlReport } from './html-report.ts';
import { inTurn, madeUpReport, textOf } from './made-up-run.test-support.ts';

const failedFile = (path: string, message = `${path} cannot be read.`): FileOutcome => ({
  number: 1,
  path,
  status: 'failed',
  error: { code: 'PERMISSION_DENIED', message },
});

const page = (outcomes: readonly FileOutcome[] = [], changes = {}, facts: [string, string][] = []) =>
  textOf(htmlReport(madeUpReport(changes), inTurn(outcomes), facts));

/** The tags of a page with their attributes, in order: what is left when all text is taken away. */
const markup = (html: string): readonly string[] => html.match(/<[^>]*>/g) ?? [];

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '&',
        '"',
        "'",
        '</td>',
        '<script>',
        '-->',
        '&lt;',
        '\u202e',
        '\u0000',
        '\ud800',
        '`',
      ),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

describe('the page of a run', () => {
  it('says in one sentence how the run went', async () => {
    expect(await page([failedFile('a')])).toContain('<h1>900 of 1,000 files were protected; 10 failed.</h1>');
    expect(await page([], { failed: 0, skipped: 0, done: 1000, skippedBecause: {} })).toContain(
      '<h1>All 1,000 files were protected.</h1>',
    );
    expect(await page([], { found: 0, failed: 0, skipped: 0, done: 0, skippedBecause: {} })).toContain(
      '<h1>There was nothing to do.</h1>',
    );
    expect(await page([], { complete: false, done: 100, failed: 0 })).toContain(
      '<h1>The run was ended early: 100 files were protected, at least 810 are still to be done.</h1>',
    );
    expect(await page([], { dryRun: true, done: 0, failed: 0, skippedBecause: { 'dry-run': 90 } })).toContain(
      '<h1>90 files would be protected.</h1>',
    );
  });

  it('names causes with their number and what to do, and why files were passed over', async () => {
    const html = await page([failedFile('/srv/a.docx'), failedFile('/srv/b.docx')]);
    expect(html).toContain('No permission to read or write');
    expect(html).toContain('Give the account that runs this access to file and folder');
    expect(html).toContain('Protected already, as asked');
  });

  it('draws files and bytes per second over time, with units', async () => {
    const html = await page();
    expect(html).toContain('Files per second over time; 10 on average');
    expect(html).toContain('MB per second over time');
    expect(html).toContain('seconds since the start');
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
  });

  it.each([
    ['no points', []],
    ['one point', [{ at: 10, files: 5, bytes: 5 }]],
    ['points all at once', Array.from({ length: 9 }, () => ({ at: 0, files: 1, bytes: 1 }))],
    ['points that go back', [9, 5, 7, 1, 0].map((at) => ({ at, files: at, bytes: -at }))],
    ['points that are no numbers', Array.from({ length: 9 }, () => ({ at: Number.NaN, files: 1, bytes: 1 }))],
    ['nothing done', Array.from({ length: 9 }, (_, at) => ({ at: at * 1000, files: 0, bytes: 0 }))],
  ])('needs no sensible throughput: %s', async (_, throughput) => {
    const html = await page([], { throughput });
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
    expect(html).toContain('</html>');
  });

  it('takes whatever stands in names and messages for text', async () => {
    const expected = markup(await page([failedFile('/f/x', 'y')], { inputs: ['i'], out: 'o' }, [['n', 'v']]));
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (name, message) => {
        const html = await page(
          [failedFile(`/f/${name.replaceAll('/', '∕')}`, message)],
          { inputs: [name], out: name },
          [['n', name]],
        );
        expect(markup(html)).toEqual(expected);
        expect(html).not.toMatch(/[\u202a-\u202e\u2066-\u2069\p{Cs}]|(?!\n)\p{Cc}/u);
      }),
      { numRuns: 200 },
    );
  });

  it('loads and carries out nothing, and forbids both', async () => {
    const html = await page([failedFile('a')]);
    expect(html).not.toMatch(
      /<(script|img|link|iframe|object|base|form)\b|\s(src|href|style|on\w+)=|url\(|@import/i,
    );
    expect(html).toMatch(
      /Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[\w+/=]+';/,
    );
  });

  it('stays small however many files failed, and says where the others are', async () => {
    const many = Array.from({ length: 20_000 }, (_, number) =>
      failedFile(`/srv/share/folder ${number % 9}/${number}.docx`),
    );
    const html = await page(many, { failed: many.length, found: 30_000 });
    expect(html.length).toBeLessThan(150_000);
    expect(html).toContain('200 of 20,000 are listed here');
    expect(html).toContain('A report ending in .csv or .json lists all of them.');
  });
});
