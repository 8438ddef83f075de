import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateRsaKey } from '../../../src/license/index.ts';
import type { LicensingService } from '../../../src/licensing/index.ts';
import { openFile, protectFile, removeProtectionFromFile } from '../../../src/node/index.ts';
import { isTemporaryName } from '../../../src/node/temporary-name.ts';
import { makeTestService } from '../../../src/node/test/service.ts';
import { protect } from '../../../src/protection/index.ts';

// The promise of spec/files.md, "In place", kept against a process that is killed at any moment.

const rounds = Number(process.env.SEALWRIGHT_KILL_ROUNDS ?? 10);
const original = randomBytes(8_000_000);
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const originalHash = hashOf(original);

let folder: string;
let victim: string;
let keyPath: string;
let service: LicensingService;
let sealed: Uint8Array;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-kill-'));
  victim = join(folder, 'victim.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('victim.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: victim,
    logLevel: 'error',
  });
  keyPath = join(folder, 'key');
  const pkcs8 = await generateRsaKey(2048);
  writeFileSync(keyPath, pkcs8);
  service = await makeTestService(pkcs8);
  sealed = await (await protect(original, { service, policy: { grants: [] }, name: 'a.txt' })).bytes();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the victim, kills it `delay` milliseconds after it began, and gives how long it was at work. */
async function run(action: string, path: string, delay?: number): Promise<number> {
  const child = spawn(process.execPath, [victim, action, path, keyPath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  const start = performance.now();
  const timer = delay === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), delay);
  await exited;
  clearTimeout(timer);
  return performance.now() - start;
}

/** `original`, `protected` (whole, and decrypts to the original), or `damaged`. */
async function stateOf(path: string): Promise<string> {
  if (hashOf(readFileSync(path)) === originalHash) return 'original';
  const file = await openFile(path, { service });
  try {
    return hashOf(await file.bytes()) === originalHash ? 'protected' : 'damaged';
  } finally {
    await file.close();
  }
}

async function statesIn(room: string): Promise<Record<string, string>> {
  const states: Record<string, string> = {};
  for (const name of readdirSync(room).sort())
    states[name] = isTemporaryName(name) ? 'temporary' : await stateOf(join(room, name));
  return states;
}

const withoutTemporary = (states: Record<string, string>) =>
  Object.fromEntries(Object.entries(states).filter(([, state]) => state !== 'temporary'));

const actions = [
  {
    action: 'protect',
    from: 'a.txt',
    to: 'a.ptxt',
    begin: { 'a.txt': 'original' },
    end: { 'a.ptxt': 'protected' },
    nextRun: (path: string) => protectFile(path, { service, policy: { grants: [] }, inPlace: true }),
  },
  {
    action: 'open',
    from: 'a.ptxt',
    to: 'a.txt',
    begin: { 'a.ptxt': 'protected' },
    end: { 'a.txt': 'original' },
    nextRun: (path: string) => removeProtectionFromFile(path, { service, inPlace: true }),
  },
];

describe.each(actions)('A process killed at a random moment while it works in place ($action)', (scene) => {
  it(`leaves one whole file, and after the next run nothing else (${rounds} rounds)`, {
    timeout: 10_000 + rounds * 5_000,
  }, async () => {
    const prepare = (name: string): string => {
      const room = join(folder, name);
      mkdirSync(room);
      writeFileSync(join(room, scene.from), scene.action === 'protect' ? original : sealed);
      return room;
    };
    const whole = prepare(`${scene.action}-whole`);
    const duration = await run(scene.action, join(whole, scene.from));
    expect(await statesIn(whole)).toEqual(scene.end);

    // Between the two renames the protected bytes bear the plain name, or both names.
    const allowed = [
      scene.begin,
      scene.end,
      { 'a.txt': 'protected' },
      { 'a.ptxt': 'protected', 'a.txt': 'protected' },
    ];
    const seen = { begun: 0, ended: 0, between: 0, withTemporary: 0 };
    for (let round = 0; round < rounds; round++) {
      const room = prepare(`${scene.action}-${round}`);
      await run(scene.action, join(room, scene.from), Math.random() * duration * 1.2);

      const states = await statesIn(room);
      const files = withoutTemporary(states);
      expect(allowed).toContainEqual(files);
      if (Object.keys(files).length < Object.keys(states).length) seen.withTemporary++;
      if (scene.from in files && files[scene.from] === Object.values(scene.begin)[0]) seen.begun++;
      else if (JSON.stringify(files) === JSON.stringify(scene.end)) seen.ended++;
      else seen.between++;

      const path = join(room, scene.from);
      const finished = scene.action === 'open' ? files['a.txt'] === 'original' : !existsSync(path);
      if (finished) await expect(scene.nextRun(path)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
      else await scene.nextRun(path);
      expect(await statesIn(room)).toEqual(scene.end);
      rmSync(room, { recursive: true });
    }
    if (process.env.SEALWRIGHT_KILL_ROUNDS)
      console.info(scene.action, `${Math.round(duration)} ms a run`, seen);
  });
});
