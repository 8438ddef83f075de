import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileOutcome } from '../outcome.ts';
import { madeUpReport } from './made-up-run.test-support.ts';
import { assertReportPlace, writeReport } from './write-report.ts';

const outcomes: readonly FileOutcome[] = [
  { number: 0, path: 'a\u2028b\n"\ud800.txt', status: 'done', output: 'a.ptxt' },
  { number: 1, path: 'c.txt', status: 'failed', error: { code: 'NO_SPACE', message: 'Full.' } },
];

describe('a report file', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sealwright-report-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is what its extension says', async () => {
    for (const name of ['r.html', 'r.HTM', 'r.csv', 'r.json'])
      await writeReport(madeUpReport(), outcomes, at(name));
    expect(readFileSync(at('r.html'), 'utf8')).toMatch(/^<!doctype html>/);
    expect(readFileSync(at('r.HTM'), 'utf8')).toMatch(/^<!doctype html>/);
    expect(readFileSync(at('r.csv'), 'utf8')).toMatch(/^\ufeffnumber,status,path,/);
    expect(readdirSync(folder).length).toBe(4);
    await expect(writeReport(madeUpReport(), outcomes, at('r.pdf'))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('as JSON holds the run and every outcome, a line each, and who ran it where', async () => {
    await writeReport(madeUpReport(), outcomes, at('r.json'), { facts: [['Template', 'Staff only']] });
    const text = readFileSync(at('r.json'), 'utf8');
    const { run, files } = JSON.parse(text);
    expect(files).toEqual(outcomes);
    expect(run).toMatchObject({ operation: 'protect', startedAt: '2026-01-31T17:00:00.000Z', done: 900 });
    expect(Object.keys(run.facts)).toEqual(['Template', 'User', 'Computer']);
    expect(text.split('\n').filter((line) => line.startsWith('{"number"')).length).toBe(2);
  });

  it('replaces an earlier report, and no other file', async () => {
    for (const name of ['r.html', 'r.csv', 'r.json']) {
      await writeReport(madeUpReport(), outcomes, at(name));
      await writeReport(madeUpReport({ found: 7 }), outcomes, at(name));
      writeFileSync(at(`mine-${name}`), '{"mine":true}');
      await expect(writeReport(madeUpReport(), outcomes, at(`mine-${name}`))).rejects.toMatchObject({
        code: 'OUTPUT_EXISTS',
      });
      expect(readFileSync(at(`mine-${name}`), 'utf8')).toBe('{"mine":true}');
    }
  });

  it('has its place looked at before the run begins', async () => {
    mkdirSync(at('folder.html'));
    await expect(assertReportPlace(at('folder.html'))).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    await expect(assertReportPlace(at('nowhere/r.html'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(assertReportPlace(at('r.html'))).resolves.toBeUndefined();
  });

  it('is not there at all if the outcomes end in an error', async () => {
    async function* broken(): AsyncGenerator<FileOutcome> {
      yield* outcomes;
      throw new Error('broken');
    }
    await expect(writeReport(madeUpReport(), broken(), at('r.csv'))).rejects.toThrow('broken');
    expect(readdirSync(folder)).toEqual([]);
  });
});
