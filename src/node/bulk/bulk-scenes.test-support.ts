import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { initAuthority } from '../../authority/folder/index.ts';
import type { Authority } from '../../authority/index.ts';
import type { LicensingService } from '../../licensing/index.ts';

/** A new folder for one test, and who issues licenses. */
export interface BulkScene {
  readonly folder: string;
  /** A folder in it for the files of the run. */
  readonly tree: string;
  readonly journal: string;
  readonly service: LicensingService;
}

/** Sets up an authority for the tests of a file; gives each test a scene of its own. */
export function bulkScenes(): () => BulkScene {
  let scratch: string;
  let authority: Authority;
  let folders = 0;
  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'sealwright-bulk-'));
    authority = await initAuthority(join(scratch, 'authority'), { name: 'Contoso' });
  });
  afterAll(async () => {
    await authority.close();
    rmSync(scratch, { recursive: true, force: true });
  });
  return () => {
    const folder = join(scratch, String(++folders));
    const tree = join(folder, 'tree');
    mkdirSync(tree, { recursive: true });
    return { folder, tree, journal: join(folder, 'run.journal'), service: authority.as('alice@contoso.com') };
  };
}

/** Writes text files into folders of ten below `tree`, and gives their paths. */
export function makeFiles(tree: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const below = join(tree, `part ${Math.floor(n / 10)}`);
    mkdirSync(below, { recursive: true });
    const path = join(below, `file ${n}.txt`);
    writeFileSync(path, `Content of ${n}`);
    return path;
  });
}

/** Names of all files below a folder. */
export const namesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();

export const policy = { grants: [{ to: 'contoso.com', rights: 'Viewer' }] } as const;
export const shared = { threads: 0, durable: false } as const;
