import { basename } from 'node:path';
import type { Command } from 'commander';
import { containerFormats } from '../../container/index.ts';
import { SealwrightError } from '../../errors.ts';
import { removeProtectionFromFile } from '../../node/index.ts';
import { carryOut, jsonOption, type Outcome } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { runFiles } from '../file-batch.ts';
import { isRunOverMany } from '../folder-run/many-files.ts';
import type { FolderOptions } from '../folder-run/run-folder.ts';
import { addRunOptions, usedRunOptions } from '../folder-run/run-options.ts';
import { addSelectionOptions } from '../folder-run/selection-options.ts';
import {
  addPlaceOptions,
  addRecursiveOption,
  checkPlace,
  type PlaceOptions,
  placeOf,
} from '../output-options.ts';
import { printable } from '../printable.ts';
import { addServiceOptions, type ServiceOptions } from '../service/service-options.ts';
import { checkedPlace, withService } from '../service/with-service.ts';
import type { Session } from '../session.ts';

interface UnprotectOptions extends ServiceOptions, PlaceOptions, FolderOptions {}

/** `sealwright unprotect`: takes the protection off. */
export function addUnprotectCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('unprotect')
    .argument('<file...>', 'protected files, or folders with --recursive')
    .summary('take the protection off')
    .description(
      'Takes the protection off: what is written is the plain original, for anyone to read. Beside the protected file, report.ptxt becomes report.txt, and report-protected.docx becomes report.docx. Takes the right EXPORT, EXTRACT or OWNER; VIEW is not enough.',
    );
  addServiceOptions(command);
  addRecursiveOption(addPlaceOptions(command)).option(...jsonOption);
  addSelectionOptions(command);
  addRunOptions(command);
  command.action((files: string[], options: UnprotectOptions) =>
    carryOut(session, outcome, options, async () => {
      await checkPlace(options);
      await checkedPlace(session, options);
      if (await isRunOverMany(files, options, usedRunOptions(options))) {
        const { unprotectMany } = await import('../folder-run/open-many.ts');
        return unprotectMany(session, files, options);
      }
      return withService(session, options, ({ service, keepOut }) => {
        return runFiles(session, options, files, { skip: ['NOT_PROTECTED'], keepOut }, async (file, bar) => {
          const plain = await removeProtectionFromFile(file.path, {
            ...placeOf(options, file),
            service,
            onProgress: bar.update,
            signal: session.signal,
          }).catch((error: unknown) => {
            throw plainFile(error, file.path);
          });
          const { out } = session;
          return {
            json: {
              output: plain.path,
              contentId: plain.contentId,
              bytesIn: plain.bytesIn,
              bytesOut: plain.bytesOut,
            },
            lines: () => [
              `${out.green('Unprotected')} ${printable(file.path)} ${out.dim('->')} ${out.bold(printable(plain.path))}`,
            ],
          };
        });
      });
    }),
  );
  addExamples(command, [
    [
      'the plain file beside the protected one',
      'sealwright unprotect report.ptxt --authority authority --as alice@contoso.com',
    ],
    [
      'the plain file in place of the protected one',
      'sealwright unprotect report.ptxt --in-place --authority authority --as alice@contoso.com',
    ],
  ]);
}

const hasProtectedName = (name: string): boolean =>
  containerFormats.some((format) => format.originalName(name, undefined) !== name);

// A file that only is named like a protected one may be damaged: the library says so.
function plainFile(error: unknown, path: string): unknown {
  const plain =
    error instanceof SealwrightError && error.code === 'NOT_PROTECTED' && !hasProtectedName(basename(path));
  return plain
    ? new SealwrightError('NOT_PROTECTED', `${path} has no protection to take off: use it as it is.`, {
        path,
      })
    : error;
}
