import { Argument, type Command } from 'commander';
import { carryOut, type Outcome } from '../command-action.ts';
import { type CompletionShell, completionScript, completionShells } from '../completion.ts';
import { addExamples } from '../examples-text.ts';
import type { Session } from '../session.ts';

/** `sealwright completion`: a script that completes commands and options in a shell. */
export function addCompletionCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('completion')
    .addArgument(new Argument('<shell>', 'your shell').choices(completionShells))
    .summary('print a completion script for your shell')
    .description('Prints a script that completes commands and options in bash, zsh or fish.')
    .action((shell: CompletionShell) =>
      carryOut(session, outcome, {}, async () => {
        session.stdout.write(completionScript(program, shell));
        return undefined;
      }),
    );
  addExamples(command, [
    ['in bash, for good', `echo 'eval "$(sealwright completion bash)"' >> ~/.bashrc`],
    ['in fish, for good', 'sealwright completion fish > ~/.config/fish/completions/sealwright.fish'],
  ]);
}
