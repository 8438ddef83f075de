import { stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { type Command, Option } from 'commander';
import { SealwrightError } from '../../errors.ts';
import type { LicensingService } from '../../licensing/index.ts';
import { openFile, openMessageFile } from '../../node/index.ts';
import type { OpenedContent } from '../../protection/index.ts';
import { carryOut, jsonOption, type Outcome } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import type { ExitCode } from '../exit-codes.ts';
import { type FileReport, runFiles } from '../file-batch.ts';
import { isRunOverMany } from '../folder-run/many-files.ts';
import type { FolderOptions } from '../folder-run/run-folder.ts';
import { addRunOptions, usedRunOptions } from '../folder-run/run-options.ts';
import { addSelectionOptions } from '../folder-run/selection-options.ts';
import type { BatchFile } from '../input-files.ts';
import { mailRightLines, notGranted } from '../mail-rights.ts';
import { addRecursiveOption, checkPlace } from '../output-options.ts';
import { printable } from '../printable.ts';
import type { ProgressBar } from '../progress-bar.ts';
import { timeText } from '../quantity.ts';
import { collect } from '../repeatable-option.ts';
import { requiredRights } from '../required-rights.ts';
import { addServiceOptions, type ServiceOptions } from '../service/service-options.ts';
import { checkedPlace, withService } from '../service/with-service.ts';
import type { Session } from '../session.ts';
import { usageError } from '../usage-error.ts';
import { wrapItem } from '../wrap.ts';

interface OpenOptions extends ServiceOptions, FolderOptions {
  readonly out?: string;
  readonly require?: readonly string[];
  readonly overwrite?: boolean;
  readonly mailAs?: MailForm;
}

/** What an opened message is written as. */
type MailForm = 'eml' | 'msg' | 'folder';
const mailForms: readonly MailForm[] = ['eml', 'msg', 'folder'];

/** `sealwright open`: writes the opened content for somebody who may. */
export function addOpenCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('open')
    .argument('<file...>', 'protected files, or folders with --recursive')
    .summary('open protected files and show your rights')
    .description(
      'Asks the authority for a license and writes the opened content into a folder, readable by you only. Opening takes the right VIEW. What else you may do with the content is shown; it is on you to keep to it.',
    );
  addServiceOptions(command)
    .option('--out <folder>', 'where the opened files go; made if need be')
    .option('--require <right>', 'go on only with this right too, such as PRINT (repeatable)', collect)
    .option('--overwrite', 'replace files that are there already')
    .addOption(
      new Option(
        '--mail-as <form>',
        'write messages as .eml, as .msg, or as a folder of text and attachments; by default as they came, and message.rpmsg as .eml',
      ).choices(mailForms),
    );
  addRecursiveOption(command).option(...jsonOption);
  addSelectionOptions(command);
  addRunOptions(command);
  command.action((files: string[], options: OpenOptions) =>
    carryOut(session, outcome, options, () => openFiles(session, files, options)),
  );
  addExamples(command, [
    ['after "sealwright login", as yourself', 'sealwright open report.ptxt --out opened'],
    ['open as Bob', 'sealwright open report.ptxt --authority authority --as bob@contoso.com --out opened'],
    [
      'only if Bob may print, too (exit code 3 if he may not)',
      'sealwright open report.ptxt --require PRINT --authority authority --as bob@contoso.com --out opened',
    ],
    [
      'a message as a folder: its text, and its attachments as files',
      'sealwright open message.rpmsg --mail-as folder --out opened --authority authority --as bob@contoso.com',
    ],
  ]);
}

async function openFiles(
  session: Session,
  files: readonly string[],
  options: OpenOptions,
): Promise<ExitCode> {
  const { out } = options;
  if (out === undefined) throw usageError('Where do the opened files go? Add --out FOLDER.');
  await checkPlace({ out });
  await checkedPlace(session, options);
  const required = requiredRights(options.require);
  if (await isRunOverMany(files, options, usedRunOptions(options))) {
    const { mailAs } = options;
    if (mailAs === 'folder') {
      throw usageError(
        'Over many files, messages are written as files, so that an interrupted run can tell what it has done. Use --mail-as eml or msg, or name the messages.',
      );
    }
    const { openMany } = await import('../folder-run/open-many.ts');
    return openMany(session, files, { ...options, out, mailAs }, required);
  }
  return withService(session, options, ({ service, keepOut }) => {
    return runFiles(session, options, files, { skip: ['NOT_PROTECTED'], keepOut }, async (file, bar) => {
      const folder = join(out, file.subfolder);
      return options.mailAs === 'folder'
        ? openAsFolder(session, file, folder, service, required, options)
        : openAsFile(session, file, folder, service, required, options, bar);
    });
  });
}

async function openAsFile(
  session: Session,
  file: BatchFile,
  folder: string,
  service: LicensingService,
  required: readonly string[],
  { overwrite, mailAs }: OpenOptions,
  bar: ProgressBar,
): Promise<FileReport> {
  const { signal } = session;
  const opened = await openFile(file.path, {
    service,
    mailAs: mailAs === 'folder' ? undefined : mailAs,
    signal,
  });
  try {
    for (const right of required) opened.require(right);
    const path = await opened.saveTo(`${folder}${sep}`, { overwrite, onProgress: bar.update, signal });
    const saved = { path, size: (await stat(path)).size };
    return report(session, file.path, opened, saved, mailAs !== undefined && opened.format !== 'mail');
  } finally {
    await opened.close();
  }
}

async function openAsFolder(
  session: Session,
  file: BatchFile,
  folder: string,
  service: LicensingService,
  required: readonly string[],
  { overwrite }: OpenOptions,
): Promise<FileReport> {
  const { signal } = session;
  const message = await openMessageFile(file.path, { service, signal }).catch((error: unknown) => {
    throw notMessage(error, file.path);
  });
  try {
    for (const right of required) message.require(right);
    return report(session, file.path, message, await message.saveIn(folder, { overwrite, signal }));
  } finally {
    await message.close();
  }
}

// What the library advises is what was typed.
function notMessage(error: unknown, path: string): unknown {
  if (!(error instanceof SealwrightError && error.message.endsWith(' is no message. Use open for it.')))
    return error;
  return new SealwrightError(
    error.code,
    `${path} is protected and is no message, so it cannot be opened as a folder: leave --mail-as out.`,
    { ...error.details, path, cause: error },
  );
}

function report(
  session: Session,
  input: string,
  opened: Omit<OpenedContent, 'close'>,
  saved: { readonly path: string; readonly size: number },
  noMessage = false,
): FileReport {
  const { out } = session;
  const until = opened.contentValidUntil;
  return {
    json: {
      output: saved.path,
      size: saved.size,
      rights: opened.rights,
      issuedTo: opened.issuedTo,
      owner: opened.owner,
      contentId: opened.contentId,
      templateId: opened.templateId ?? null,
      format: opened.format,
      cipherMode: opened.cipherMode,
      authenticated: opened.authenticated,
      contentValidUntil: until ?? null,
      licenseValidUntil: opened.licenseValidUntil ?? null,
      onlineOnly: opened.onlineOnly,
      ...(opened.format === 'mail' && { notGranted: notGranted(opened) }),
    },
    lines: () => [
      `${out.green('Opened')} ${printable(input)} ${out.dim('->')} ${out.bold(printable(saved.path))}`,
      ...wrapItem(
        `  as ${printable(opened.issuedTo)}  rights `,
        `  ${out.dim('as')} ${printable(opened.issuedTo)}  ${out.dim('rights')} `,
        opened.rights.map(printable).join(', '),
        out,
      ),
      ...(until === undefined ? [] : [`  ${out.dim('until')} ${timeText(until)}`]),
      ...(noMessage ? [`  ${out.yellow('note')} --mail-as had no effect: this is no message`] : []),
      ...(opened.format === 'mail' ? mailRightLines(opened, out) : []),
      ...(opened.authenticated
        ? []
        : [
            `  ${out.yellow('note')} ${printable(opened.cipherMode)} does not detect changes: the content may differ from what was protected.`,
          ]),
    ],
  };
}
