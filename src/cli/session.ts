import type { Readable } from 'node:stream';
import { type Terminal, terminalFor } from './terminal.ts';

/** Where text goes: a terminal, a pipe, a file, or a test. */
export interface TextOutput {
  write(text: string): boolean;
  once?(event: 'drain' | 'close', listener: () => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Where typed text comes from. */
export type TextInput = Readable & {
  readonly isTTY?: boolean | undefined;
  setRawMode?(raw: boolean): unknown;
};

/** The world as a command sees it; a test hands in its own. */
export interface CliEnvironment {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly stdin: TextInput;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted on Ctrl-C: work stops and leaves nothing half done. */
  readonly signal: AbortSignal;
}

/** One run of the command line: the world, and how to style text for it. */
export interface Session extends CliEnvironment {
  /** Styles for standard output. */
  readonly out: Terminal;
  /** Styles for standard error. */
  readonly err: Terminal;
}

/** Begins a run. */
export function startSession(environment: CliEnvironment): Session {
  return {
    ...environment,
    out: terminalFor(environment.stdout, environment.env),
    err: terminalFor(environment.stderr, environment.env),
  };
}

/** Writes text, waiting where the reader of a pipe is slower than we are. */
export async function writeText(output: TextOutput, text: string): Promise<void> {
  if (output.write(text) || output.once === undefined) return;
  await new Promise<void>((resolve) => {
    output.once?.('drain', resolve);
    // A pipe that nobody reads any more never drains.
    output.once?.('close', resolve);
  });
}

/** Writes one line. */
export function writeLine(output: TextOutput, line = ''): Promise<void> {
  return writeText(output, `${line}\n`);
}
