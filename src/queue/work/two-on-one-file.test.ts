import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../../authority/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../license/index.ts';
import type { LicensingService } from '../../licensing/index.ts';
import { type FileTask, performTask, type TaskSettings } from '../../node/bulk/core.ts';
import { openFile, protectFile } from '../../node/index.ts';
import { lookAgain } from './look-again.ts';

const policy = { grants: [] };
const rounds = 25;

describe('a worker that lost its batch and does not know, beside the one that has it now', () => {
  let service: LicensingService;
  let folder: string;
  beforeAll(async () => {
    const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
    service = (await createAuthority({ store: createMemoryStore(), custodian })).as('alice@contoso.com');
    folder = mkdtempSync(join(tmpdir(), 'sealwright-two-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const plainIn = (name: string): Promise<string> =>
    openFile(name, { service }).then(async (file) => {
      const text = new TextDecoder().decode(await file.bytes());
      file.close();
      return text;
    });

  /** Both work on the file at the same time, begun with a little distance; gives what the second says. */
  async function both(path: string, settings: TaskSettings, distance: number) {
    const task: FileTask = {
      number: 0,
      path,
      relativePath: 'file.txt',
      settings,
      runStartedAt: new Date(Date.now() - 1000).toISOString(),
      resumed: false,
    };
    const slow = performTask(task, { service }).catch(() => undefined);
    await delay(distance);
    const resumed = { ...task, resumed: true };
    const work = () => performTask(resumed, { service });
    const [, outcome] = await Promise.all([slow, work().then((first) => lookAgain(first, resumed, work))]);
    return outcome;
  }

  const cases: readonly (readonly [string, boolean, TaskSettings, string, boolean])[] = [
    ['protects in place', false, { operation: 'protect', policy, inPlace: true }, 'file.ptxt', true],
    ['protects beside the original', false, { operation: 'protect', policy }, 'file.ptxt', true],
    [
      'protects into another folder',
      false,
      { operation: 'protect', policy, out: 'OUT' },
      'out/file.ptxt',
      true,
    ],
    ['protects anew in place', true, { operation: 'reprotect', policy, inPlace: true }, 'file.ptxt', true],
    ['removes protection in place', true, { operation: 'unprotect', inPlace: true }, 'file.txt', false],
    ['opens into another folder', true, { operation: 'open', out: 'OUT' }, 'out/file.txt', false],
  ];
  it.each(cases)('does no harm where it %s: the file is done, whole, and said to be', async (...one) => {
    const [name, isProtected, settings, result, protects] = one;
    for (let round = 0; round < rounds; round++) {
      const place = join(folder, `${name} ${round}`);
      mkdirSync(join(place, 'out'), { recursive: true });
      let path = join(place, 'file.txt');
      writeFileSync(path, `content of ${round}`);
      if (isProtected) ({ path } = await protectFile(path, { service, policy, inPlace: true }));
      const out = settings.out === undefined ? {} : { out: join(place, 'out') };
      // As a run finds it: made before the run began.
      const outcome = await both(path, { ...settings, ...out }, (round % 5) * 2);
      expect(outcome.error).toBeUndefined();
      expect(outcome).toMatchObject({ status: 'done', output: join(place, result) });
      const found = join(place, result);
      expect(protects ? await plainIn(found) : readFileSync(found, 'utf8')).toBe(`content of ${round}`);
      if (settings.inPlace) expect(readdirSync(place).sort()).toEqual([result, 'out'].sort());
    }
  });
});
