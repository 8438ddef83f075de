import { basename } from 'node:path';
import { SealwrightError } from '../errors.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import { printable } from './printable.ts';
import { type Session, writeLine } from './session.ts';

/** An error as the command line reports it. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly message: string;
  /** What stands under `error` with `--json` (spec/cli.md, "Errors"). */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Says what an error means to the caller: exit code, sentence, JSON. */
export function failureOf(error: unknown, session: Pick<Session, 'env'>): Failure {
  if (error instanceof SealwrightError) {
    return {
      exitCode: exitCodeOf(error.code),
      message: error.message,
      json: { code: error.code, message: error.message, ...error.details },
    };
  }
  const message = `Sealwright stopped because of a defect in itself: ${text(error, session)}. Please report it with the command you typed.`;
  return { exitCode: exitCodes.defect, message, json: { code: 'DEFECT', message } };
}

/** Writes a failure: the sentence for a person on standard error and, with `--json`, one line on standard output. */
export async function reportFailure(
  session: Session,
  failure: Failure,
  options: { readonly json: boolean; readonly file?: string | undefined },
): Promise<void> {
  if (options.json) {
    const line =
      options.file === undefined ? { error: failure.json } : { file: options.file, error: failure.json };
    await writeLine(session.stdout, JSON.stringify(line));
  }
  const subject =
    options.file === undefined ? '' : subjectOf(failure.message, options.file, session.err.bold);
  await writeLine(session.stderr, `${session.err.red('error')}: ${subject}${printable(failure.message)}`);
}

/** What stands before a message about a file: its path, unless the message names it. */
export function subjectOf(message: string, file: string, style = (text: string) => text): string {
  return message.includes(file) ? '' : `${style(printable(file))}: `;
}

/** What is the matter, without the advice. The file's name may hold what looks like the end of a sentence. */
export function firstSentence(message: string, file: string): string {
  const name = basename(file);
  const from = message.includes(name) ? message.indexOf(name) + name.length : 0;
  const end = message.slice(from).search(/\.(?= \p{Lu})/u);
  return end < 0 ? message : message.slice(0, from + end + 1);
}

function text(error: unknown, session: Pick<Session, 'env'>): string {
  if (!(error instanceof Error)) return String(error);
  return session.env.SEALWRIGHT_DEBUG ? (error.stack ?? error.message) : error.message;
}
