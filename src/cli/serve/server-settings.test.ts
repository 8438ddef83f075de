import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openAuthority } from '../../authority/folder/index.ts';
import type { Session } from '../session.ts';
import { typeCommand } from '../testing/type-command.ts';
import { serverSettings } from './server-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealwright-settings-'));
const authority = join(folder, 'authority');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const session = { env: { SEALWRIGHT_AUTHORITY: authority } } as unknown as Session;

it('tries nothing out on the authority that the environment names, because everyone is let in', async () => {
  expect((await serverSettings(session, { dev: true })).authority).not.toBe(authority);
  expect((await serverSettings(session, { dev: true, authority })).authority).toBe(authority);
});

it('leaves the address of an authority alone that it then does not serve', async () => {
  await typeCommand(['init', '--authority', authority, '--name', 'Contoso']);
  const url = 'https://rms.contoso.com';
  const typed = await typeCommand(['serve', '--dev', '--authority', authority, '--url', url], {
    signal: AbortSignal.timeout(5_000),
  });
  expect(typed.exitCode).not.toBe(0);
  expect(typed.stderr).toContain('this machine only');
  const opened = await openAuthority(authority);
  expect(opened.facts.url).toBeUndefined();
  await opened.close();
});
