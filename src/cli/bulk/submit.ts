import type { Command } from 'commander';
import type { LicensingService } from '../../licensing/index.ts';
import type { BulkPolicyChoice, BulkRules } from '../../node/index.ts';
import type { TaskSettings } from '../../queue/index.ts';
import { parseGuid } from '../../rights/index.ts';
import { carryOut, jsonOption, type Outcome, type OutputOptions } from '../command-action.ts';
import {
  addMessageOptions,
  addPdfOptions,
  type DocumentOptions,
  usedDocumentOptions,
} from '../document-options.ts';
import { addExamples } from '../examples-text.ts';
import type { ExitCode } from '../exit-codes.ts';
import {
  addPublishingOptions,
  type PublishingOptions,
  readPublishing,
} from '../folder-run/publishing-options.ts';
import { addRulesOption, type RulesOptions, readRules } from '../folder-run/rules-option.ts';
import { neverTouched } from '../folder-run/run-facts.ts';
import {
  addSelectionOptions,
  readSelection,
  type SelectionOptions,
} from '../folder-run/selection-options.ts';
import { addMailPolicyOptions, type MailPolicyOptions, mailPolicyFlag } from '../mail-policy.ts';
import { addPlaceOptions, checkPlace, type PlaceOptions } from '../output-options.ts';
import {
  addPolicyOptions,
  type PolicyOptions,
  readPolicyOptions,
  withTemplateId,
} from '../policy-options.ts';
import { byteCount, countOf, filesText } from '../quantity.ts';
import { addServiceOptions, type ServiceOptions } from '../service/service-options.ts';
import { withService } from '../service/with-service.ts';
import { type Session, writeLine } from '../session.ts';
import { parseWholeNumber } from '../time-option.ts';
import { usageError } from '../usage-error.ts';
import { addDatabaseOption, type DatabaseOptions, withDatabase } from './database-option.ts';

interface SubmitOptions
  extends DatabaseOptions,
    OutputOptions,
    ServiceOptions,
    PolicyOptions,
    MailPolicyOptions,
    DocumentOptions,
    PlaceOptions,
    PublishingOptions,
    RulesOptions,
    SelectionOptions {
  readonly root?: string;
  readonly name?: string;
  readonly batch?: string;
  readonly dryRun?: boolean;
  readonly require?: string;
  /** False with `--no-sync`. */
  readonly sync?: boolean;
}

const operations: readonly TaskSettings['operation'][] = [
  'protect',
  'reprotect',
  'unprotect',
  'open',
  'inspect',
];

/** `sealwright bulk submit`. */
export function addBulkSubmitCommand(bulk: Command, session: Session, outcome: Outcome): void {
  const command = bulk
    .command('submit')
    .argument('<what>', `what to do: ${operations.join(', ')}`)
    .argument('<path...>', 'folders and files, below the root')
    .summary('list files and submit a run of them')
    .description(
      'Lists files and puts them into the database as a run, which "sealwright bulk work" carries out on any number of machines that see the same storage. The run says what is done; who signs in and to which service is each worker\'s own matter.',
    );
  addDatabaseOption(command)
    .option(
      '--root <folder>',
      'the folder that all workers share, under whatever path; by default the current one',
    )
    .option('--name <text>', 'what the run is called in lists')
    .option('--batch <n>', 'most files that a worker takes at once; by default 100')
    .option('--dry-run', 'only find out what would be done')
    .option('--require <rights>', 'with open: rights that must be granted, too, as VIEW,EXTRACT')
    .option(
      '--no-sync',
      'workers do not wait until new files are on the disk: faster, and lost with the power',
    )
    .option(...jsonOption);
  addPlaceOptions(command);
  addPolicyOptions(command);
  addMailPolicyOptions(command);
  addMessageOptions(command);
  addPdfOptions(command);
  addRulesOption(command);
  addPublishingOptions(command);
  addSelectionOptions(command);
  command.optionsGroup('To find a template by its name:');
  addServiceOptions(command);
  command.optionsGroup('Options:');
  command.action((what: string, paths: string[], options: SubmitOptions) =>
    carryOut(session, outcome, options, () => submit(session, what, paths, options)),
  );
  addExamples(command, [
    [
      'protect a share in place, under a template',
      'sealwright bulk submit protect /mnt/share/contracts --root /mnt/share --in-place --template 6a9f5d2e-8f55-4f9c-9a11-6d4fe10a2b31 --database postgres://worker@db/sealwright',
    ],
    [
      'only Office files, by rules, with the owners that the file system names',
      'sealwright bulk submit protect . --ext docx,xlsx,pptx --in-place --rules rules.json --owner-from-file --owners owners.json',
    ],
  ]);
}

async function submit(
  session: Session,
  what: string,
  paths: readonly string[],
  options: SubmitOptions,
): Promise<ExitCode | undefined> {
  const operation = operations.find((each) => each === what);
  if (operation === undefined) {
    throw usageError(`What is to be done with the files? "${what}" is not one of ${operations.join(', ')}.`);
  }
  await checkPlace(options);
  const selection = readSelection(options);
  const rules = options.rules === undefined ? undefined : await readRules(options.rules, options);
  if (rules !== undefined && operation !== 'protect') {
    throw usageError(
      `Rules say how files are protected: leave out --rules, or submit "protect" instead of "${what}".`,
    );
  }
  const settings = await settingsOf(session, operation, options);
  const batchFiles =
    options.batch === undefined ? undefined : parseWholeNumber(options.batch, '--batch', 1, 10_000);
  const byName = rules?.rules.some(
    ({ template }) => template !== undefined && parseGuid(template) === undefined,
  );
  const work = (service?: LicensingService) =>
    submitRun(session, paths, options, { settings, rules, selection, batchFiles, service });
  return byName ? withService(session, options, ({ service }) => work(service)) : work();
}

/** What was read from the command line. */
interface Submission {
  readonly settings: TaskSettings;
  readonly rules: BulkRules | undefined;
  readonly selection: ReturnType<typeof readSelection>;
  readonly batchFiles: number | undefined;
  readonly service: LicensingService | undefined;
}

async function submitRun(
  session: Session,
  paths: readonly string[],
  options: SubmitOptions,
  submission: Submission,
): Promise<ExitCode | undefined> {
  return withDatabase(session, options, async (database) => {
    const { submitBulkRun } = await import('../../queue/index.ts');
    const submitted = await submitBulkRun(database, {
      ...submission,
      inputs: paths,
      root: options.root,
      name: options.name,
      keepOut: neverTouched(session, options.authority ?? session.env.SEALWRIGHT_AUTHORITY, [
        options.rules,
        options.owners,
        options.passphraseFile,
      ]),
      signal: session.signal,
    });
    const { stdout, stderr, out, err } = session;
    if (options.json) {
      await writeLine(stdout, JSON.stringify(submitted));
      return undefined;
    }
    const { id, files, bytes, passedOver } = submitted;
    await writeLine(
      stdout,
      `${out.green('Submitted')} ${out.bold(id)}: ${filesText(files)}, ${byteCount(bytes)}`,
    );
    if (passedOver > 0)
      await writeLine(
        stderr,
        err.dim(
          `${countOf(passedOver, 'entry').replace('entrys', 'entries')} passed over; "sealwright bulk report" says why`,
        ),
      );
    if (files > 0) {
      await writeLine(
        stderr,
        err.dim(`Start workers with "sealwright bulk work", and look with "sealwright bulk status".`),
      );
    }
    return undefined;
  });
}

async function settingsOf(
  session: Session,
  operation: TaskSettings['operation'],
  options: SubmitOptions,
): Promise<TaskSettings> {
  const publishes = operation === 'protect' || operation === 'reprotect';
  if (!publishes) refusePublishing(operation, options);
  const {
    licenses,
    publishOffline,
    settings: documentSettings,
    ...publishing
  } = await readPublishing(options);
  if (licenses !== undefined || publishOffline !== undefined) {
    throw usageError(
      '--one-license and --publish-offline are for runs on one machine: leave them out, each worker asks for its licenses.',
    );
  }
  if (operation === 'open' && options.out === undefined) {
    throw usageError('Opened files need a folder of their own: add --out FOLDER, below the root.');
  }
  return {
    operation,
    dryRun: options.dryRun,
    ...(publishes && { ...publishing, documentSettings }),
    ...(publishes && options.rules === undefined && (await choiceOf(session, options))),
    ...(operation === 'open' && { require: options.require?.split(',').map((right) => right.trim()) }),
    ...(operation !== 'inspect' && {
      out: options.out,
      inPlace: options.inPlace,
      overwrite: options.overwrite,
      durable: options.sync === false ? false : undefined,
    }),
  };
}

/** Options that say how files are protected, where none is. */
function refusePublishing(operation: string, options: SubmitOptions): void {
  const { template, grant, onlyMe } = options;
  const { pdf, mail } = usedDocumentOptions(options);
  const [option] = [
    ...(template === undefined ? [] : ['--template']),
    ...(grant === undefined ? [] : ['--grant']),
    ...(onlyMe ? ['--only-me'] : []),
    ...[mailPolicyFlag(options)].filter((flag) => flag !== undefined),
    ...mail,
    ...pdf,
  ];
  if (option !== undefined)
    throw usageError(
      `${option} says how files are protected, and "${operation}" protects none: leave it out.`,
    );
}

/** A template is kept by its id; only a name has to be looked up. */
async function choiceOf(session: Session, options: SubmitOptions): Promise<BulkPolicyChoice> {
  const choice = readPolicyOptions(options);
  if (choice.template === undefined || parseGuid(choice.template) !== undefined) return choice;
  return withService(session, options, ({ service }) => withTemplateId(choice, service));
}
