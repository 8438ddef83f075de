import { stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Command } from 'commander';
import { type OpenedFile, openFile } from '../../node/index.ts';
import { carryOut, jsonOption, type Outcome } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import type { ExitCode } from '../exit-codes.ts';
import { type FileReport, runFiles } from '../file-batch.ts';
import { isRunOverMany } from '../folder-run/many-files.ts';
import type { FolderOptions } from '../folder-run/run-folder.ts';
import { addRunOptions, usedRunOptions } from '../folder-run/run-options.ts';
import { addSelectionOptions } from '../folder-run/selection-options.ts';
import { addRecursiveOption, checkPlace } from '../output-options.ts';
import { printable } from '../printable.ts';
import { timeText } from '../quantity.ts';
import { collect } from '../repeatable-option.ts';
import { requiredRights } from '../required-rights.ts';
import { addServiceOptions, type ServiceOptions } from '../service/service-options.ts';
import { checkedPlace, withService } from '../service/with-service.ts';
import type { Session } from '../session.ts';
import { usageError } from '../usage-error.ts';

interface OpenOptions extends ServiceOptions, FolderOptions {
  readonly out?: string;
  readonly require?: readonly string[];
  readonly overwrite?: boolean;
}

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
    .option('--overwrite', 'replace files that are there already');
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
    const { openMany } = await import('../folder-run/open-many.ts');
    return openMany(session, files, { ...options, out }, required);
  }
  return withService(session, options, ({ service, keepOut }) => {
    return runFiles(session, options, files, { skip: ['NOT_PROTECTED'], keepOut }, async (file, bar) => {
      const opened = await openFile(file.path, { service, signal: session.signal });
      try {
        for (const right of required) opened.require(right);
        const path = await opened.saveTo(`${join(out, file.subfolder)}${sep}`, {
          overwrite: options.overwrite,
          onProgress: bar.update,
          signal: session.signal,
        });
        return report(session, file.path, opened, { path, size: (await stat(path)).size });
      } finally {
        await opened.close();
      }
    });
  });
}

function report(
  session: Session,
  input: string,
  opened: OpenedFile,
  saved: { readonly path: string; readonly size: number },
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
    },
    lines: () => [
      `${out.green('Opened')} ${printable(input)} ${out.dim('->')} ${out.bold(printable(saved.path))}`,
      `  ${out.dim('as')} ${printable(opened.issuedTo)}  ${out.dim('rights')} ${opened.rights.map(printable).join(', ')}`,
      ...(until === undefined ? [] : [`  ${out.dim('until')} ${timeText(until)}`]),
      ...(opened.authenticated
        ? []
        : [
            `  ${out.yellow('note')} ${printable(opened.cipherMode)} does not detect changes: the content may differ from what was protected.`,
          ]),
    ],
  };
}
