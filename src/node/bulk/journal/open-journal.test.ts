import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownMarker } from '../../process-marker.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import type { Journal } from './journal.ts';
import { readLine } from './journal-line.ts';
import { journalOutcomes } from './journal-outcomes.ts';
import { type OpenJournalOptions, openJournal } from './open-journal.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-journal-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let journals = 0;
const newPath = (): string => join(folder, `${++journals}.journal`);
const fingerprint = 'a'.repeat(64);
const settings = {
  operation: 'protect',
  policy: { grants: [{ to: 'contoso.com', rights: ['VIEW'] }], validUntil: new Date('2030-01-01T00:00:00Z') },
} as const;
const task = (number: number, path = `folder/file ${number}.txt`): FileTask => ({
  number,
  path,
  relativePath: path,
  settings,
  runStartedAt: '2026-05-04T10:00:00.000Z',
  resumed: false,
});
const done = (number: number, path = `folder/file ${number}.txt`): FileOutcome => ({
  number,
  path,
  status: 'done',
  output: path.replace(/txt$/, 'ptxt'),
  bytesIn: 5,
  bytesOut: 9,
});

/** Opens a journal and notes what it says of earlier sessions. */
async function opened(path: string, more: Partial<OpenJournalOptions> = {}) {
  const settled: FileOutcome[] = [];
  const journal = await openJournal({
    path,
    operation: 'protect',
    fingerprint,
    durable: false,
    now: () => new Date('2026-05-04T10:00:00Z'),
    accepts: () => true,
    onSettled: (outcome) => void settled.push(outcome),
    onSession: () => undefined,
    ...more,
  });
  return { journal, settled };
}
async function killed(journal: Journal): Promise<void> {
  await journal.close();
}
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const ended = { complete: true, milliseconds: 70, threads: 2, concurrency: 16 } as const;

describe('a journal', () => {
  it('writes nothing more once it is closed, for its descriptor is another file by then', async () => {
    const { journal } = await opened(newPath());
    await journal.close();
    const others = Array.from({ length: 8 }, () => newPath());
    const descriptors = others.map((path) => openSync(path, 'w'));
    expect(() => journal.record(done(0))).toThrow(expect.objectContaining({ code: 'JOURNAL_UNUSABLE' }));
    await expect(journal.started([task(0)])).rejects.toMatchObject({ code: 'JOURNAL_UNUSABLE' });
    await pause(80);
    for (const descriptor of descriptors) closeSync(descriptor);
    expect(others.map((path) => statSync(path).size)).toEqual(others.map(() => 0));
  });

  it('is closed only when what is being flushed has come back', async () => {
    const { journal } = await opened(newPath(), { durable: true });
    const begun = [0, 1, 2].map((number) => journal.started([task(number)]));
    await journal.close();
    await expect(Promise.all(begun)).resolves.toHaveLength(3);
  });

  it('knows what was settled, what was begun, and the next number', async () => {
    const path = newPath();
    const first = await opened(path);
    expect(first.journal.earlier).toMatchObject({
      sessions: 0,
      complete: false,
      nextNumber: 0,
      unsettled: [],
    });
    await first.journal.started([task(0), task(1), task(2)]);
    first.journal.record(done(0));
    first.journal.record({ number: 3, path: 'x.lnk', status: 'skipped', reason: 'symbolic-link' });
    await killed(first.journal);

    const { journal, settled } = await opened(path);
    expect(settled).toEqual([
      done(0),
      { number: 3, path: 'x.lnk', status: 'skipped', reason: 'symbolic-link' },
    ]);
    const { earlier } = journal;
    expect(earlier).toMatchObject({ sessions: 1, nextNumber: 4, uncertain: false, endedAt: undefined });
    expect(earlier.isSettled('folder/file 0.txt')).toBe(true);
    expect(earlier.isOutput('folder/file 0.ptxt')).toBe(true);
    expect(earlier.isSettled('folder/file 1.txt')).toBe(false);
    expect(earlier.unsettled).toEqual([task(1), task(2)].map((each) => ({ ...each, resumed: true })));
    await journal.close();
  });

  it('says that a run is over, and is then not written to any more', async () => {
    const path = newPath();
    const { journal } = await opened(path);
    await journal.started([task(0)]);
    journal.record(done(0));
    await journal.end(ended);
    const before = readFileSync(path, 'utf8');
    const again = await opened(path);
    expect(again.settled).toEqual([done(0)]);
    expect(again.journal.earlier).toMatchObject({
      complete: true,
      sessions: 1,
      milliseconds: 70,
      threads: 2,
      concurrency: 16,
      endedAt: '2026-05-04T10:00:00.000Z',
    });
    await again.journal.close();
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('tells reports of all sessions, of what is no file as the last one saw it', async () => {
    const path = newPath();
    const link = { number: undefined, path: 'link', status: 'skipped', reason: 'symbolic-link' } as const;
    for (const number of [0, 1]) {
      const { journal } = await opened(path);
      journal.record(link);
      journal.record(done(number));
      await killed(journal);
    }
    const told: FileOutcome[] = [];
    for await (const outcome of journalOutcomes(path)) told.push(outcome);
    expect(told.map((outcome) => outcome.path)).toEqual(['folder/file 0.txt', 'link', 'folder/file 1.txt']);
    await expect(journalOutcomes(join(folder, 'none')).next()).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });

  it('is readable by its user only and holds no more of a file than the next session needs', async () => {
    const path = newPath();
    const { journal } = await opened(path);
    journal.record({ ...done(0), facts: { owner: 'alice@contoso.com' } });
    await journal.end({ ...ended, complete: false });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).not.toContain('alice');
  });

  it('keeps any path to the letter', async () => {
    const anyPath = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.string({
        unit: fc.constantFrom('\n', '\r', '\u2028', '"', '\\', '\ud800', '\udc00', '\ufeff', 'a'),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(anyPath, { minLength: 2, maxLength: 8 }), async (paths) => {
        const path = newPath();
        const first = await opened(path);
        await first.journal.started(paths.map((each, number) => task(number, each)));
        first.journal.record({ number: 0, path: paths[0] ?? '', status: 'done', output: `${paths[1]}!` });
        await killed(first.journal);
        const { journal, settled } = await opened(path);
        expect(settled.map((outcome) => outcome.path)).toEqual([paths[0]]);
        expect(journal.earlier.isOutput(`${paths[1]}!`)).toBe(true);
        expect(journal.earlier.unsettled.map((each) => each.path)).toEqual(paths.slice(1));
        await journal.close();
      }),
      { numRuns: 20 },
    );
  });

  it('reads as far as it was written, wherever a kill cut it', async () => {
    const path = newPath();
    const { journal } = await opened(path);
    await journal.started([task(0), task(1)]);
    journal.record(done(0));
    await journal.flush();
    journal.record(done(1));
    await killed(journal);
    const whole = readFileSync(path);
    const whereBegun = whole.indexOf('{"begun"');
    const whereSettled = whole.indexOf('{"settled"');
    for (let length = 0; length < whole.length; length += 3) {
      writeFileSync(path, whole.subarray(0, length), { mode: 0o600 });
      const cut = await opened(path);
      const seen = cut.journal.earlier.unsettled.length + cut.settled.length;
      if (length < whereBegun) expect(seen).toBe(0);
      if (length > whereSettled) expect(seen).toBe(2);
      // The next session goes on behind what is sound.
      cut.journal.record(done(5));
      await cut.journal.close();
      const again = await opened(path);
      expect(again.settled.at(-1)).toEqual(done(5));
      await again.journal.close();
    }
  });

  it('takes what a loss of power left behind the last flush for lost, and says that it is not sure', async () => {
    const path = newPath();
    const { journal } = await opened(path);
    await journal.started([task(0), task(1)]);
    journal.record(done(0));
    await journal.flush();
    journal.record(done(1));
    await killed(journal);
    const whole = readFileSync(path);
    for (const lost of ['\0'.repeat(5_000), 'x\n', `\0\0\0\n${'\0'.repeat(100)}\n{"synced":3}\n`]) {
      writeFileSync(path, Buffer.concat([whole, Buffer.from(lost)]));
      const after = await opened(path);
      expect(after.settled).toHaveLength(2);
      expect(after.journal.earlier.uncertain).toBe(true);
      await after.journal.close();
      writeFileSync(path, whole);
    }
  });

  it('is refused with the number of the line that is damaged before the last flush', async () => {
    const path = newPath();
    const { journal } = await opened(path);
    await journal.started([task(0), task(1)]);
    journal.record(done(0));
    await journal.flush();
    journal.record(done(1));
    await journal.flush();
    await killed(journal);
    const lines = readFileSync(path, 'utf8').split('\n');
    const last = lines.findLastIndex((line) => line.startsWith('{"synced"'));
    const replacements = [
      '',
      'x',
      '{}',
      '{"settled":{}}',
      '[1',
      '[]',
      'null',
      '{"begun":[[0,"a"]]}',
      '"\\ud800"',
    ];
    for (let at = 0; at < last - 1; at++) {
      for (const replacement of replacements) {
        const changed = lines.with(at, replacement).join('\n');
        writeFileSync(path, changed);
        // A shorter line moves the last flush to before it.
        const refusal = await opened(path).catch((error: unknown) => error);
        if (refusal instanceof Error) expect(refusal).toMatchObject({ code: 'JOURNAL_UNUSABLE' });
        if (refusal instanceof Error) expect(refusal.message).toContain(`line ${at + 1} `);
        else await (refusal as { journal: Journal }).journal.close();
        if (at === 0) expect(refusal).toBeInstanceOf(Error);
        writeFileSync(path, lines.join('\n'));
      }
    }
  });

  it('is refused if it belongs to another run, to no run, to others, or is no file', async () => {
    const path = newPath();
    await (await opened(path)).journal.end(ended);
    const refused = async (more: Partial<OpenJournalOptions>, reason: string): Promise<void> => {
      await expect(opened(path, more)).rejects.toMatchObject({
        code: 'JOURNAL_UNUSABLE',
        details: { reason },
      });
    };
    await refused({ fingerprint: 'b'.repeat(64) }, 'another-run');
    await refused({ operation: 'open' }, 'another-run');
    chmodSync(path, 0o620);
    await refused({}, 'not-own');
    chmodSync(path, 0o600);
    for (const text of ['Dear diary', 'Dear diary\n', '{}\n', '{"format":"something"}\n', '\n']) {
      writeFileSync(path, text);
      await refused({}, 'not-a-journal');
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
    await expect(opened(folder)).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    await expect(opened(join(folder, 'nowhere', 'a.journal'))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });

  it('serves one run at a time, and does not wait for the dead', async () => {
    const path = newPath();
    const first = await opened(path);
    await expect(opened(path)).rejects.toMatchObject({
      code: 'JOURNAL_UNUSABLE',
      details: { reason: 'locked' },
    });
    await first.journal.close();
    await (await opened(path)).journal.close();
    const { host, boot, space, pid } = ownMarker();
    mkdirSync(`${path}.lock`);
    const started = Number(ownMarker().started);
    appendFileSync(
      join(`${path}.lock`, `${host}-${boot}-${space}-${pid}-${started + 1}-${'0'.repeat(12)}`),
      '',
    );
    await (await opened(path)).journal.close();
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('of a run that did not wait for the disk is refused after a loss of power', async () => {
    const path = newPath();
    await (await opened(path)).journal.close();
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"boot":"[^"]*"/, '"boot":"another"'));
    await expect(opened(path)).rejects.toMatchObject({ details: { reason: 'not-durable' } });
    const durable = await opened(path, { durable: true });
    await durable.journal.close();
  });

  it('takes or refuses any text as a line, and never breaks on one', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        readLine(text);
      }),
    );
    const value = fc.anything({ maxDepth: 2 });
    const fields = ['number', 'path', 'status', 'reason', 'error', 'output', 'bytesIn'];
    fc.assert(
      fc.property(fc.constantFrom(...fields), value, (field, wrong) => {
        const line = JSON.stringify({ settled: { ...done(1), [field]: wrong }, after: 1 });
        const read = readLine(line);
        if (read?.kind !== 'settled') return;
        const { outcome } = read;
        expect(typeof outcome.path).toBe('string');
        expect(['done', 'skipped', 'failed']).toContain(outcome.status);
        expect(['undefined', 'number']).toContain(typeof outcome.number);
      }),
    );
    expect(readLine('['.repeat(100_000))).toBeUndefined();
  });
});
