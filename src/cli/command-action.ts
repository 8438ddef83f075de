import { type ExitCode, exitCodes } from './exit-codes.ts';
import { failureOf, reportFailure } from './failure.ts';
import type { Session } from './session.ts';

/** What every command takes. */
export interface OutputOptions {
  readonly json?: boolean;
}

/** Explains `--json` the same way everywhere. */
export const jsonOption = ['--json', 'write JSON to standard output (field names: spec/cli.md)'] as const;

/** Where commands leave their exit code. */
export interface Outcome {
  exitCode: ExitCode;
}

/**
 * Runs the work of one command: whatever it throws becomes a sentence and an exit code. Being interrupted
 * is the caller's wish and is not reported.
 */
export async function carryOut(
  session: Session,
  outcome: Outcome,
  options: OutputOptions,
  work: () => Promise<ExitCode | undefined>,
): Promise<void> {
  try {
    outcome.exitCode = (await work()) ?? exitCodes.done;
  } catch (error) {
    if (session.signal.aborted || isAbort(error)) {
      outcome.exitCode = exitCodes.interrupted;
      return;
    }
    const failure = failureOf(error, session);
    outcome.exitCode = failure.exitCode;
    await reportFailure(session, failure, { json: options.json === true });
  }
}

/** Whether an error says that the person interrupted the work. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
