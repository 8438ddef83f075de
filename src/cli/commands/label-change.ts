import type { Command } from 'commander';
import type { NewLabel } from '../../label/index.ts';
import { changeFileLabels, type LabelledFile, readFileLabels } from '../../node/index.ts';
import { carryOut, jsonOption, type Outcome } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { type BatchOptions, type FileReport, runFiles } from '../file-batch.ts';
import type { BatchFile } from '../input-files.ts';
import { addLabelOptions, type LabelOptions, labelGuid, readLabelOptions } from '../label-options.ts';
import { addRecursiveOption, checkPlace, placeOf } from '../output-options.ts';
import { printable } from '../printable.ts';
import type { ProgressBar } from '../progress-bar.ts';
import { countOf } from '../quantity.ts';
import type { Session } from '../session.ts';

interface ChangeOptions extends BatchOptions {
  readonly out?: string;
  readonly overwrite?: boolean;
}

/** Files in a folder that take no labels are passed over. */
const limits = { skip: ['UNSUPPORTED_FORMAT'] } as const;

/** `sealwright label set`. */
export function addLabelSetCommand(labels: Command, session: Session, outcome: Outcome): void {
  const command = labels
    .command('set')
    .argument('<file...>', 'files to label, or folders with --recursive')
    .summary('put a label on files')
    .description(
      'Puts a sensitivity label on the files themselves, in place of the label they had of the same tenant. Nothing else in them changes, and nothing is encrypted. A file that has exactly this label already is left alone. A protected file is labelled without being opened: "open" gives the document as it was protected, "unprotect" and "reprotect" give it the new label. Not every kind of file takes a label: texts, PDFs and PFILEs in a mode that detects changes do not.',
    );
  addChangeOptions(addLabelOptions(command)).action(
    (files: string[], options: ChangeOptions & LabelOptions) =>
      carryOut(session, outcome, options, async () => {
        await checkPlace(options);
        const label = readLabelOptions(options);
        return runFiles(session, options, files, limits, async (file, bar) => {
          const set = {
            ...label,
            setDate: label.setDate ?? (await dateIn(file, label, session)) ?? new Date(),
          };
          const done = await changeFileLabels(file.path, { set }, changeOptions(session, options, file, bar));
          return report(session, file.path, done, {
            done: 'Labelled',
            what: label.name ?? label.id,
            unchanged: 'has exactly this label already',
          });
        });
      }),
  );
  addExamples(command, [
    [
      'a label that a person chose',
      'sealwright label set report.docx --id 10000000-0000-4000-8000-000000000001 --site 11111111-2222-3333-4444-555555555555 --name Confidential --method privileged',
    ],
    [
      'labelled copies of everything in a folder',
      'sealwright label set -r documents --out labelled --id 10000000-0000-4000-8000-000000000001 --site 11111111-2222-3333-4444-555555555555',
    ],
  ]);
}

/** `sealwright label remove`. */
export function addLabelRemoveCommand(labels: Command, session: Session, outcome: Outcome): void {
  const command = labels
    .command('remove')
    .argument('<file...>', 'files to take the label off, or folders with --recursive')
    .summary('take labels off files')
    .description(
      'Takes every sensitivity label off the files themselves, or with --id one of them. Nothing else in them changes: what is encrypted stays encrypted.',
    )
    .option('--id <guid>', 'only the label with this GUID');
  addChangeOptions(command).action((files: string[], options: ChangeOptions & { readonly id?: string }) =>
    carryOut(session, outcome, options, async () => {
      await checkPlace(options);
      const remove = options.id === undefined ? 'all' : labelGuid(options.id, '--id', 'a label');
      return runFiles(session, options, files, limits, async (file, bar) => {
        const done = await changeFileLabels(
          file.path,
          { remove },
          changeOptions(session, options, file, bar),
        );
        return report(session, file.path, done, {
          done: 'Unlabelled',
          unchanged: remove === 'all' ? 'has no label' : 'does not have this label',
        });
      });
    }),
  );
  addExamples(command, [
    ['every label', 'sealwright label remove report.docx'],
    [
      'one label, in a copy of the file',
      'sealwright label remove report.docx --id 10000000-0000-4000-8000-000000000001 --out unlabelled',
    ],
  ]);
}

function addChangeOptions(command: Command): Command {
  command
    .option('--out <folder>', 'change copies in this folder; by default the files themselves')
    .option('--overwrite', 'replace copies that are there already');
  return addRecursiveOption(command).option(...jsonOption);
}

function changeOptions(session: Session, options: ChangeOptions, file: BatchFile, bar: ProgressBar) {
  const { out, overwrite } = placeOf(options, file);
  return { out, overwrite, onProgress: bar.update, signal: session.signal };
}

/** When the file says that it got this label: labelling it once more does not make that later. */
async function dateIn(file: BatchFile, label: NewLabel, session: Session): Promise<Date | undefined> {
  const found = await readFileLabels(file.path, { signal: session.signal });
  const written = found.find(({ id, siteId }) => id === label.id && siteId === label.siteId)?.setDate;
  const date = written === undefined ? undefined : new Date(written);
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

interface ChangeText {
  readonly done: string;
  readonly what?: string | undefined;
  /** What a file is said to be that needed no change. */
  readonly unchanged: string;
}

function report(session: Session, input: string, file: LabelledFile, text: ChangeText): FileReport {
  const { out } = session;
  const path = printable(input);
  const target = file.path === input ? '' : ` ${out.dim('->')} ${out.bold(printable(file.path))}`;
  const what = text.what === undefined ? '' : `  ${printable(text.what)}`;
  return {
    json: {
      output: file.path,
      changed: file.changed,
      bytesIn: file.bytesIn,
      bytesOut: file.bytesOut,
      otherNames: file.otherNames,
    },
    lines: () => [
      file.changed
        ? `${out.green(text.done)} ${target === '' ? out.bold(path) : path}${target}${what}`
        : `${out.dim('Unchanged')} ${path}${target}: it ${text.unchanged}`,
      ...(file.otherNames > 0
        ? [
            `  ${out.yellow('note')} the file has ${countOf(file.otherNames, 'other name')} (hard links), which still lead to it as it was`,
          ]
        : []),
    ],
  };
}
