import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { typeCommand } from './testing/type-command.ts';

const commands = [
  ['protect'],
  ['open'],
  ['inspect'],
  ['reprotect'],
  ['unprotect'],
  ['init'],
  ['templates'],
  ...['add', 'update', 'list', 'show', 'archive', 'publish', 'delete', 'export', 'import'].map((each) => [
    'templates',
    each,
  ]),
  ['revoke'],
  ['restore-access'],
  ['log'],
  ['export'],
  ['import'],
  ['completion'],
];
const hasBash = spawnSync('bash', ['-c', 'true']).status === 0;

describe('the command line', () => {
  it('without anything shows help and the quickest way to start', async () => {
    const done = await typeCommand([]);
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(done.stdout).toContain('The quickest way to start');
    expect(done.stdout).toContain('Exit codes');
  });

  it('knows its version', async () => {
    expect((await typeCommand(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+/);
  });

  it.each(commands.map((words) => [words.join(' '), words] as const))(
    'explains "%s" with an example',
    async (name, words) => {
      const done = await typeCommand([...words, '--help']);
      expect(done).toMatchObject({ exitCode: 0, stderr: '' });
      expect(done.stdout).toContain(`Usage: sealwright ${name}`);
      expect(done.stdout).toMatch(/Examples:\n(.*\n)*.*\$ .*sealwright/);
    },
  );

  it('says of --as that it is taken at its word', async () => {
    expect((await typeCommand(['open', '--help'])).stdout.replace(/\s+/g, ' ')).toContain(
      'whoever can open the authority folder can act as anyone',
    );
  });

  it('uses colors on a terminal only, and not with NO_COLOR', async () => {
    const style = '\u001b[';
    expect((await typeCommand(['--help'], { terminal: true })).stdout).toContain(style);
    expect((await typeCommand(['--help'], { terminal: true, env: { NO_COLOR: '1' } })).stdout).not.toContain(
      style,
    );
    expect((await typeCommand(['--help'])).stdout).not.toContain(style);
  });
});

describe('shell completion', () => {
  it.each(['bash', 'zsh', 'fish'])('in %s knows every command and option', async (shell) => {
    const { stdout, exitCode } = await typeCommand(['completion', shell]);
    expect(exitCode).toBe(0);
    for (const words of commands) expect(stdout).toContain(words.at(-1));
    for (const option of ['grant', 'passphrase-file', 'require']) expect(stdout).toContain(option);
  });

  it('is there for these shells only', async () => {
    expect((await typeCommand(['completion', 'csh'])).exitCode).toBe(2);
  });

  it.skipIf(!hasBash)(
    'in bash completes commands, commands of commands, and options (needs bash)',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'sealwright-completion-'));
      writeFileSync(join(folder, 'completion.bash'), (await typeCommand(['completion', 'bash'])).stdout);
      const complete = (...words: string[]) => {
        const list = words.map((word) => `'${word}'`).join(' ');
        const script = `source completion.bash; COMP_WORDS=(sealwright ${list}); COMP_CWORD=${words.length}; _sealwright; echo "\${COMPREPLY[@]}"`;
        return spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' }).stdout.trim();
      };
      expect(complete('prot')).toBe('protect');
      expect(complete('templates', 'arch')).toBe('archive');
      expect(complete('templates', 'add', '--gr')).toBe('--grant');
      expect(complete('open', 'x.ptxt', '--req')).toBe('--require');
      expect(complete('open', 'compl')).toBe('completion.bash');
      rmSync(folder, { recursive: true });
    },
  );
});
