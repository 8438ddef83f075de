import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Programs of others. Starting one costs a large process such as this much more than the program itself does its
// work, so that many are started by one shell.

export interface Command {
  readonly program: string;
  readonly options: readonly string[];
}

/** What a program wrote, and how it ended. */
export interface Heard {
  readonly status: number;
  readonly output: Buffer;
  readonly complaints: string;
}

/** Shells at the same time. */
const lanes = 2;

/** Runs programs, a few at a time, in their order; what each wrote. */
export async function heard(commands: readonly Command[]): Promise<readonly Heard[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-heard-'));
  const file = (i: number, kind: string): string => join(folder, `${i}.${kind}`);
  const line = ({ program, options }: Command, i: number): string =>
    `${[program, ...options].map(quoted).join(' ')} >${file(i, 'out')} 2>${file(i, 'err')}; echo $? >${file(i, 'status')}`;
  const lines = commands.map(line);
  try {
    await Promise.all(
      Array.from({ length: Math.min(lanes, commands.length) }, (_, lane) =>
        shell(lines.filter((_, i) => i % lanes === lane).join('\n')),
      ),
    );
    return commands.map((_, i) => ({
      status: Number(readFileSync(file(i, 'status'), 'latin1')),
      output: readFileSync(file(i, 'out')),
      complaints: readFileSync(file(i, 'err'), 'utf8'),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const shell = (script: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = execFile('sh', ['-s'], { timeout: 100_000 }, (error) =>
      error === null || typeof error.code === 'number' ? resolve() : reject(error),
    );
    child.stdin?.end(script);
  });

/** The same, where anything but success is a mistake of the test. */
export async function succeeded(commands: readonly Command[]): Promise<void> {
  const all = await heard(commands);
  all.forEach(({ status, output, complaints }, i) => {
    const { program = '' } = commands[i] ?? {};
    // 3 is qpdf's for something that it had to say.
    if (status !== 0 && !(program === 'qpdf' && status === 3))
      throw new Error(`${program} ended with ${status}: ${`${output}${complaints}`.slice(-500)}`);
  });
}
