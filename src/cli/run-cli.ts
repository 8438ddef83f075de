import { type Command, CommanderError } from 'commander';
import type { Outcome } from './command-action.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { printable } from './printable.ts';
import { buildProgram } from './program.ts';
import { type CliEnvironment, type Session, startSession, writeLine } from './session.ts';
import { usageHint, withoutHelpWords } from './usage-hint.ts';

/**
 * Runs one command line and gives its exit code; never throws and never ends the process.
 *
 * @param args what was typed after `sealwright`
 */
export async function runCli(args: readonly string[], environment: CliEnvironment): Promise<ExitCode> {
  const session = startSession(environment);
  const outcome: Outcome = { exitCode: exitCodes.done };
  const program = buildProgram(session, outcome);
  if (args.length === 0) {
    program.outputHelp();
    return exitCodes.done;
  }
  try {
    await program.parseAsync(withoutHelpWords(program, args), { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return usageCode(session, program, args, error);
  }
}

/** Commander has told the person already; with `--json` a program is told, too. */
async function usageCode(
  session: Session,
  program: Command,
  args: readonly string[],
  error: CommanderError,
): Promise<ExitCode> {
  if (error.exitCode === 0) return exitCodes.done;
  const hint = usageHint(program, args, error.message);
  if (hint !== undefined) await writeLine(session.stderr, printable(hint));
  if (args.includes('--json')) {
    const message = [error.message.replace(/^error: /, ''), ...(hint === undefined ? [] : [hint])].join('. ');
    await writeLine(session.stdout, JSON.stringify({ error: { code: 'INVALID_ARGUMENT', message } }));
  }
  return exitCodes.usage;
}
