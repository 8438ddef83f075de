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
import { dirname, join } from 'node:path';
import { createAuthority, createMemoryStore } from '../../../authority/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../../license/index.ts';
import { openFile } from '../../open-file.ts';
import type { FileTask, TaskSettings } from '../task.ts';
import type { TaskContext } from '../task-context.ts';

/** An authority in memory with two templates, for tests of tasks. */
export async function makeOffice() {
  const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
  const authority = await createAuthority({ store: createMemoryStore(), custodian });
  const template = async (name: string) =>
    (
      await authority.templates.create({
        names: [{ lcid: 1033, name, description: '' }],
        grants: [{ to: 'contoso.com', rights: ['VIEW', 'EDIT', 'EXPORT'] }],
      })
    ).id;
  return {
    authority,
    service: authority.as('alice@contoso.com'),
    staff: await template('Staff only'),
    board: await template('Board only'),
  };
}

/** A folder of its own for one test. */
export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-bulk-'));
  const at = (...names: readonly string[]): string => join(folder, ...names);
  return {
    folder,
    at,
    write(name: string, content: string | Uint8Array = name): string {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
      return at(name);
    },
    text: (name: string): string => readFileSync(at(name), 'utf8'),
    has: (name: string): boolean => existsSync(at(name)),
    names: (): readonly string[] => readdirSync(folder).sort(),
    remove: (): void => rmSync(folder, { recursive: true }),
  };
}

/** A task for a file that was named itself, of a run that began a moment ago. */
export const taskFor = (path: string, settings: TaskSettings, more: Partial<FileTask> = {}): FileTask => ({
  number: 0,
  path,
  relativePath: path.slice(path.lastIndexOf('/') + 1),
  settings,
  runStartedAt: new Date(Date.now() - 1).toISOString(),
  resumed: false,
  ...more,
});

/** What a protected file holds, as text. */
export async function openedText(path: string, { service }: TaskContext): Promise<string> {
  if (service === undefined) throw new Error('no service');
  const file = await openFile(path, { service });
  try {
    return new TextDecoder().decode(await file.bytes());
  } finally {
    await file.close();
  }
}
