import type { Command } from 'commander';

/** One example under `--help`: what it does, and the command line. */
export type Example = readonly [says: string, commandLine: string];

/** Ends the help of a command with examples to copy. */
export function addExamples(command: Command, examples: readonly Example[], note?: string): Command {
  const lines = examples.flatMap(([says, commandLine]) => [`  # ${says}`, `  $ ${commandLine}`, '']);
  const text = ['', 'Examples:', ...lines, ...(note === undefined ? [] : [note, ''])].join('\n');
  return command.addHelpText('after', text.trimEnd());
}
