import { PassThrough } from 'node:stream';
import { runCli } from '../run-cli.ts';
import type { TextInput, TextOutput } from '../session.ts';

/** What a command line did. */
export interface Typed {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output, one parsed document a line. */
  readonly json: () => Record<string, unknown>[];
}

/** The world of a test. */
export interface TypedOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Both outputs and the input are a terminal. */
  readonly terminal?: boolean;
  /** What is typed when asked; each entry answers one question. */
  readonly answers?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Types a command line in this process. */
export async function typeCommand(args: readonly string[], options: TypedOptions = {}): Promise<Typed> {
  const { terminal = false, answers = [] } = options;
  const waiting = [...answers];
  const stdin = new PassThrough() as TextInput & { isTTY?: boolean; setRawMode?: unknown };
  if (terminal) Object.assign(stdin, { isTTY: true, setRawMode: () => {} });
  const stdout = capture(terminal);
  // A question is written to standard error; the next answer is typed right after.
  const stderr = capture(terminal, (text) => {
    if (text.endsWith(': '))
      queueMicrotask(() => (stdin as unknown as PassThrough).write(`${waiting.shift() ?? ''}\r`));
  });
  const exitCode = await runCli(args, {
    stdout,
    stderr,
    stdin,
    env: options.env ?? {},
    signal: options.signal ?? new AbortController().signal,
  });
  return {
    exitCode,
    stdout: stdout.text(),
    stderr: stderr.text(),
    json: () =>
      stdout
        .text()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

function capture(
  terminal: boolean,
  onWrite: (text: string) => void = () => {},
): TextOutput & { text: () => string } {
  let all = '';
  return {
    isTTY: terminal,
    columns: 100,
    write(text) {
      all += text;
      onWrite(text);
      return true;
    },
    text: () => all,
  };
}
