import { describe, expect, it } from 'vitest';
import { packSettings, unpackSettings } from '../journal/packed-settings.ts';
import type { FileTask, TaskSettings } from '../task.ts';
import { couldBeOurs } from './could-be-ours.ts';

const withCover = (byte: number): TaskSettings => ({
  operation: 'protect',
  messagePolicy: { rights: 'do-not-forward', validUntil: new Date('2030-01-01T00:00:00Z') },
  documentSettings: { pdf: { cover: { document: new Uint8Array(3_000_000).fill(byte) } } },
});
const task = (settings: TaskSettings): FileTask => ({
  number: 0,
  path: '/share/a.pdf',
  relativePath: 'a.pdf',
  settings,
  runStartedAt: '2026-01-01T00:00:00.000Z',
  resumed: true,
});

describe('A file that a journal names', () => {
  const settings = withCover(1);
  const line = JSON.stringify(packSettings(settings));
  const read = unpackSettings(JSON.parse(line));

  it('goes on with the cover page of the run, of which a journal has only the digest', () => {
    expect(line.length).toBeLessThan(500);
    expect(couldBeOurs(['/share'], [settings], false)(task(read))?.settings).toBe(settings);
  });

  it('is none of a run with another cover page', () => {
    expect(couldBeOurs(['/share'], [withCover(2)], false)(task(read))).toBeUndefined();
  });
});
