import { spawnSync } from 'node:child_process';

// Programs of others that give a second opinion. Tests say in their title that they were skipped for want of one.

/** What a program wrote, and how it ended. */
export interface ProgramResult {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program to its end. */
export function runProgram(command: string, options: readonly string[], seconds = 120): ProgramResult {
  const { status, stdout, stderr } = spawnSync(command, options, {
    encoding: 'utf8',
    timeout: seconds * 1000,
    maxBuffer: 256 * 1024 * 1024,
  });
  return { status, output: `${stdout ?? ''}${stderr ?? ''}` };
}

/** Whether a program can be started. */
export const hasProgram = (command: string, ...options: readonly string[]): boolean =>
  spawnSync(command, options, { stdio: 'ignore', timeout: 60_000 }).error === undefined;

/** The first of several programs that can be started. */
export const firstProgram = (...commands: readonly string[]): string | undefined =>
  commands.find((command) => hasProgram(command, '--help'));
