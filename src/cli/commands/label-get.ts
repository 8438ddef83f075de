import type { Command } from 'commander';
import type { LabelMetadata } from '../../label/index.ts';
import { readFileLabels } from '../../node/index.ts';
import { setBlocksApart } from '../blocks.ts';
import { carryOut, type Outcome } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { type BatchOptions, runFiles } from '../file-batch.ts';
import { labelLines } from '../label-text.ts';
import { addRecursiveOption } from '../output-options.ts';
import type { Session } from '../session.ts';

/** `sealwright label get`: what labels files state. */
export function addLabelGetCommand(labels: Command, session: Session, outcome: Outcome): void {
  const command = labels
    .command('get')
    .argument('<file...>', 'files to look at, or folders with --recursive')
    .summary('show the labels of files')
    .description(
      'Shows the sensitivity labels that files state, protected or not. Nobody signs labels: they are what the last writer of the file said. A file without a label is not an error.',
    );
  addRecursiveOption(command)
    .option('--json', 'one JSON object a line, with every fact (spec/cli.md)')
    .action((files: string[], options: BatchOptions) =>
      carryOut(session, outcome, options, () => {
        const apart = setBlocksApart();
        return runFiles(session, options, files, { skip: [], readOnly: true }, async (file) => {
          const found = await readFileLabels(file.path, { signal: session.signal });
          return {
            json: { labels: found.map(labelJson) },
            lines: () => apart(labelLines(file.path, found, session.out)),
          };
        });
      }),
    );
  addExamples(command, [
    ['one file', 'sealwright label get report.docx'],
    [
      'the files in a folder that have no label',
      'sealwright label get -r documents --json | grep \'"labels":\\[\\]\'',
    ],
  ]);
}

/** Every fact of a label, absent ones as null. */
function labelJson(label: LabelMetadata): Readonly<Record<string, unknown>> {
  return {
    id: label.id,
    name: label.name ?? null,
    enabled: label.enabled,
    removed: label.removed,
    siteId: label.siteId ?? null,
    parentId: label.parentId ?? null,
    owner: label.owner ?? null,
    setDate: label.setDate ?? null,
    method: label.method ?? null,
    contentBits: label.contentBits ?? null,
    application: label.application ?? null,
    extended: label.extended,
  };
}
