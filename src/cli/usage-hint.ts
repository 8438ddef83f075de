import type { Command } from 'commander';

/** What people type for options that have another name here. */
const otherNames: Readonly<Record<string, string>> = {
  '-o': '--out FOLDER',
  '--output': '--out FOLDER',
  '-a': '--authority FOLDER',
  '-f': '--overwrite',
  '--force': '--overwrite',
  '-v': '-V or --version',
  '--user': '--as',
};

/** What people call commands that have another name here. */
const otherCommands: Readonly<Record<string, string>> = {
  encrypt: 'protect',
  decrypt: 'open',
  add: 'set',
  show: 'get',
};

/** Advice on a command line that could not be read, or `undefined` if the message says enough. */
export function usageHint(program: Command, args: readonly string[], message: string): string | undefined {
  if (message.includes('Did you mean')) return undefined;
  const command = /unknown command '([^']*)'/.exec(message)?.[1];
  if (command !== undefined) return commandHint(program, args, command);
  const option = /unknown option '([^']*)'/.exec(message)?.[1];
  if (option === undefined) return undefined;
  if (isBeforeCommand(program, args, option)) {
    return `Options go after the command: sealwright COMMAND ${option} …`;
  }
  const meant = otherNames[option];
  if (meant !== undefined) return `Did you mean ${meant}?`;
  return /^-[^-]./.test(option) ? `If ${option} is the name of a file, write ./${option}` : undefined;
}

function commandHint(program: Command, args: readonly string[], word: string): string {
  const group = program.commands.find((each) => each.name() === args[0]) ?? program;
  const names = group.commands.map((each) => each.name());
  const meant = otherCommands[word];
  if (meant !== undefined && names.includes(meant)) return `Did you mean ${meant}?`;
  return group === program
    ? '"sealwright --help" lists the commands.'
    : `After "${group.name()}" stands one of ${names.join(', ')}.`;
}

// True if the word stands before the name of a command, where only --help and --version may stand.
function isBeforeCommand(program: Command, args: readonly string[], option: string): boolean {
  const commands = new Set(program.commands.map((command) => command.name()));
  const first = args.findIndex((word) => commands.has(word));
  const at = args.findIndex((word) => word === option || word.startsWith(`${option}=`));
  return at >= 0 && at < first;
}

/** `help`, `help COMMAND` and `version` as the options that do the same. */
export function withoutHelpWords(program: Command, args: readonly string[]): readonly string[] {
  const [first, ...rest] = args;
  if (first === 'version' && rest.length === 0) return ['--version'];
  if (first !== 'help') return args;
  let command: Command | undefined = program;
  for (const word of rest.filter((each) => !each.startsWith('-'))) {
    command = command.commands.find((each) => each.name() === word);
    // Commander says that there is no such command, and which one may be meant.
    if (command === undefined) return rest;
  }
  return [...rest, '--help'];
}
