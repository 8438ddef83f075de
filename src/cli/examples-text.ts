import type { Command } from 'commander';

/** One example under `--help`: what it does, and the command line. */
export type Example = readonly [says: string, commandLine: string];

const columns = 80;

/** Ends the help of a command with examples to copy. */
export function addExamples(command: Command, examples: readonly Example[], note?: string): Command {
  const lines = examples.flatMap(([says, commandLine]) => [`  # ${says}`, ...commandLines(commandLine), '']);
  const notes = note === undefined ? [] : [...fill(note.split(' '), '', '', ''), ''];
  return command.addHelpText('after', ['', 'Examples:', ...lines, ...notes].join('\n').trimEnd());
}

// Broken where an option begins, so that an option and its value stay together.
const commandLines = (line: string): string[] => fill(line.split(/ (?=-|[|>] )/), '  $ ', '      ', ' \\');

function fill(pieces: readonly string[], first: string, indent: string, end: string): string[] {
  const lines: string[] = [];
  let line = first + (pieces[0] ?? '');
  for (const piece of pieces.slice(1)) {
    if (line.length + 1 + piece.length + end.length <= columns) line += ` ${piece}`;
    else {
      lines.push(line + end);
      line = indent + piece;
    }
  }
  return [...lines, line];
}
