import { type Command, Option } from 'commander';
import { collect } from '../repeatable-option.ts';
import { parseWholeNumber } from '../time-option.ts';
import { usageError } from '../usage-error.ts';

/** How progress is shown. */
export const progressKinds = ['auto', 'bar', 'lines', 'json', 'none'] as const;

/** One of {@link progressKinds}. */
export type ProgressKind = (typeof progressKinds)[number];

/** How a run over many files goes, as it was typed. */
export interface RunOptions {
  readonly dryRun?: boolean;
  readonly journal?: string;
  readonly report?: readonly string[];
  readonly jobs?: string;
  readonly threads?: string;
  readonly progress?: ProgressKind;
  readonly list?: boolean;
  readonly watch?: boolean;
  /** False with `--no-sync`. */
  readonly sync?: boolean;
}

/** Adds `--dry-run`, `--journal`, `--report`, `--jobs`, `--threads`, `--progress` and `--list`. */
export function addRunOptions(command: Command, writes = true): Command {
  command.optionsGroup('Runs over many files:');
  if (writes) {
    command
      .option('--dry-run', 'only say what would be done')
      .option(
        '--journal <file>',
        'remember what is done, so that the same command goes on after an interruption',
      );
  }
  command
    .option('--report <file>', 'write a report: .html for people, .csv, .json (repeatable)', collect)
    .addOption(
      new Option('--progress <how>', 'auto is a bar on a terminal, lines elsewhere').choices(progressKinds),
    )
    .option('--jobs <n>', 'files in progress at once; by default what is fastest')
    .option('--threads <n>', 'threads; by default one a processor, 0 for none but the first');
  if (writes) {
    command
      .option('--list', 'name every file that is done or passed over, not only those that fail')
      .option('--no-sync', 'do not wait until new files are on the disk: faster, and lost with the power');
  }
  command.optionsGroup('Options:');
  return command;
}

/** Adds `--watch`. */
export function addWatchOption(command: Command): Command {
  command.optionsGroup('Runs over many files:');
  command.option('--watch', 'go on protecting what comes into the folder, until Ctrl-C');
  command.optionsGroup('Options:');
  return command;
}

/** Refuses what a watch cannot do. */
export function checkWatch(
  inputs: readonly string[],
  options: RunOptions & { readonly recursive?: boolean },
): void {
  if (inputs.length !== 1) throw usageError('--watch takes one folder. Start one watch for each.');
  if (!options.recursive) {
    throw usageError('--watch works on everything in a folder: add --recursive.');
  }
  if (options.dryRun) throw usageError('--watch and --dry-run exclude each other. Leave one of them out.');
  if (options.journal !== undefined) {
    throw usageError(
      'A watch needs no journal: what lies in the folder is what is left to do. Leave --journal out.',
    );
  }
}

/** `--jobs` and `--threads` as the library takes them. */
export function readSizes(options: RunOptions): {
  concurrency: number | undefined;
  threads: number | undefined;
} {
  const { jobs, threads } = options;
  return {
    concurrency: jobs === undefined ? undefined : parseWholeNumber(jobs, '--jobs', 1, 1024),
    threads: threads === undefined ? undefined : parseWholeNumber(threads, '--threads', 0, 256),
  };
}

/** Refuses what does not go together. */
export function checkRunOptions(options: RunOptions): void {
  if (options.journal === '') throw usageError('--journal is empty. Name a file, such as run.journal.');
  if (options.dryRun && options.journal !== undefined) {
    throw usageError(
      'A dry run does nothing that a journal could remember: leave out --journal or --dry-run.',
    );
  }
  const reports = options.report ?? [];
  const twice = reports.find((path, index) => reports.indexOf(path) !== index);
  if (twice !== undefined) throw usageError(`--report ${twice} is there twice: name each report once.`);
}

/** The options of these that were given, as they are typed. */
export function usedRunOptions(options: RunOptions): readonly string[] {
  return [
    ...(options.dryRun ? ['--dry-run'] : []),
    ...(options.journal === undefined ? [] : ['--journal']),
    ...(options.report === undefined ? [] : ['--report']),
    ...(options.progress === undefined ? [] : ['--progress']),
    ...(options.jobs === undefined ? [] : ['--jobs']),
    ...(options.threads === undefined ? [] : ['--threads']),
    ...(options.list ? ['--list'] : []),
    ...(options.watch ? ['--watch'] : []),
    ...(options.sync === false ? ['--no-sync'] : []),
  ];
}
