import { describe, expect, it } from 'vitest';
import { typeCommand } from '../testing/type-command.ts';

describe('sealwright bulk', () => {
  it('says which database is meant to be named, and where a password goes', async () => {
    const { exitCode, stderr } = await typeCommand(['bulk', 'list']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/--database postgres:.*PGPASSWORD/);
  });

  it('warns of a password on the command line and does not repeat it', async () => {
    const { exitCode, stderr } = await typeCommand([
      'bulk',
      'list',
      '--database',
      'postgres://u:geheim@127.0.0.1:1/d',
    ]);
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/warning.*SEALWRIGHT_DATABASE/);
    expect(stderr).not.toContain('geheim');
  });

  it.each([
    [['bulk', 'submit', 'proctect', 'x'], /proctect.*not one of protect/],
    [['bulk', 'submit', 'open', 'x'], /--out FOLDER/],
    [['bulk', 'submit', 'protect', 'x'], /Who may open it/],
    [['bulk', 'submit', 'unprotect', 'x', '--out', 'y', '--in-place'], /exclude each other/],
    [['bulk', 'work', '--allow', 'everything', '--authority', 'a', '--as', 'a@b.c'], /--allow takes a list/],
    [['bulk', 'work', '--lease', '1', '--authority', 'a', '--as', 'a@b.c'], /--lease takes/],
  ])('refuses %j with advice before it asks anybody', async (args, advice) => {
    const { exitCode, stderr } = await typeCommand(args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(advice);
  });
});
