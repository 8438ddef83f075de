import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileOutcome } from '../../node/index.ts';

/** What came of each file, kept on disk until the reports are written: memory does not grow with the number of files. */
export interface OutcomeSpool {
  add(outcome: FileOutcome): Promise<void> | undefined;
  /** All that was added, from the beginning; once nothing is added any more. */
  read(): AsyncIterable<FileOutcome>;
  remove(): Promise<void>;
}

const blockLength = 262_144;

/** Makes a spool in the folder for temporary files, for this user only. */
export async function createOutcomeSpool(): Promise<OutcomeSpool> {
  const folder = await mkdtemp(join(tmpdir(), 'sealwright-run-'));
  const path = join(folder, 'outcomes');
  const file = await open(path, 'wx+', 0o600);
  let waiting: string[] = [];
  let length = 0;
  let writing: Promise<unknown> = Promise.resolve();
  const flush = async (): Promise<void> => {
    const text = waiting.join('');
    waiting = [];
    length = 0;
    writing = writing.then(() => file.appendFile(text));
    await writing;
  };
  return {
    add(outcome) {
      const line = `${JSON.stringify(outcome)}\n`;
      waiting.push(line);
      length += line.length;
      return length < blockLength ? undefined : flush();
    },
    async *read() {
      await flush();
      // Not by node:readline, which ends lines at characters that may stand in file names.
      let rest = '';
      for await (const piece of createReadStream(path, { encoding: 'utf8', highWaterMark: blockLength })) {
        const lines = (rest + String(piece)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) yield JSON.parse(line) as FileOutcome;
      }
    },
    async remove() {
      await file.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
