import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Typed, type TypedOptions, typeCommand } from './type-command.ts';

/** A folder of its own for a test, with an authority in it. */
export interface Workplace {
  /** The absolute path of something in the folder. */
  readonly path: (name: string) => string;
  readonly write: (name: string, content: string | Uint8Array) => string;
  readonly read: (name: string) => Buffer;
  readonly list: (name?: string) => string[];
  readonly copy: (from: string, to: string) => void;
  /** Types a command line with `SEALWRIGHT_AUTHORITY` set to the authority of the folder. */
  readonly type: (args: readonly string[], options?: TypedOptions) => Promise<Typed>;
  readonly remove: () => void;
}

/** Makes a folder with an authority called Contoso. */
export async function makeWorkplace(): Promise<Workplace> {
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-cli-'));
  const path = (name: string) => join(folder, name);
  const env = { SEALWRIGHT_AUTHORITY: path('authority') };
  const made = await typeCommand(['init', '--authority', env.SEALWRIGHT_AUTHORITY, '--name', 'Contoso']);
  if (made.exitCode !== 0) throw new Error(made.stderr);
  return {
    path,
    write(name, content) {
      writeFileSync(path(name), content);
      return path(name);
    },
    read: (name) => readFileSync(path(name)),
    list: (name = '.') => readdirSync(path(name)).sort(),
    copy: (from, to) => copyFileSync(path(from), path(to)),
    type: (args, options = {}) => typeCommand(args, { ...options, env: { ...env, ...options.env } }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The people of the tests. */
export const asAlice = ['--as', 'alice@contoso.com'] as const;
export const asBob = ['--as', 'bob@contoso.com'] as const;
export const bobMayRead = ['--grant', 'bob@contoso.com=VIEW,PRINT'] as const;
