import type { Command } from 'commander';
import { maxima } from '../../bytes/index.ts';
import { authorityFileRefusal } from '../authority-guard.ts';
import { addAuthorityOptions, authorityFolder, withAuthority } from '../authority-options.ts';
import { carryOut, jsonOption, type Outcome } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { printable } from '../printable.ts';
import { readSmallFile } from '../read-file.ts';
import { type Session, writeLine } from '../session.ts';
import { templateJson, templateName } from '../template-text.ts';
import { usageError } from '../usage-error.ts';
import { writeWholeFile } from '../write-file.ts';
import type { TemplateOptions } from './templates-show.ts';

interface ExportOptions extends TemplateOptions {
  readonly to?: string;
  readonly overwrite?: boolean;
}

/** `sealwright templates export`. */
export function addTemplatesExportCommand(templates: Command, session: Session, outcome: Outcome): void {
  const command = templates
    .command('export')
    .argument('<id>', 'id of the template')
    .summary('save it as a signed XrML file')
    .description('Saves a template as a signed XrML document.');
  addAuthorityOptions(command)
    .option('--to <file>', 'the file to write')
    .option('--overwrite', 'replace the file if it is there already')
    .option(...jsonOption)
    .action((id: string, options: ExportOptions) =>
      carryOut(session, outcome, options, async () => {
        const { to } = options;
        if (to === undefined) throw usageError('Where does the template go? Add --to FILE.');
        const refusal = await authorityFileRefusal(authorityFolder(session, options), to);
        if (refusal !== undefined) throw refusal;
        const size = await withAuthority(session, options, async (authority) =>
          writeWholeFile(to, once(await authority.templates.export(id)), {
            overwrite: options.overwrite === true,
            signal: session.signal,
          }),
        );
        const { out, stdout } = session;
        const line = options.json
          ? JSON.stringify({ id, output: to, size })
          : `${out.green('Exported')} ${id} ${out.dim('->')} ${out.bold(printable(to))}`;
        await writeLine(stdout, line);
        return undefined;
      }),
    );
  addExamples(command, [
    [
      'one template',
      'sealwright templates export 9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41 --to staff-only.xml --authority authority',
    ],
  ]);
}

/** `sealwright templates import`. */
export function addTemplatesImportCommand(templates: Command, session: Session, outcome: Outcome): void {
  const command = templates
    .command('import')
    .argument('<file>', 'a file that "templates export" made')
    .summary('take in an exported template, archived at first')
    .description(
      'Takes in a template that was exported, under its old id; one with that id is replaced. It is archived at first: "templates publish" offers it to people.',
    );
  addAuthorityOptions(command)
    .option(...jsonOption)
    .action((file: string, options: TemplateOptions) =>
      carryOut(session, outcome, options, async () => {
        const document = await readSmallFile(file, maxima.licenseBytes);
        const template = await withAuthority(session, options, (authority) =>
          authority.templates.import(document),
        );
        const { out, stdout } = session;
        const line = options.json
          ? JSON.stringify(templateJson(template))
          : `${out.green('Imported')} ${out.bold(printable(templateName(template).name))}  ${out.dim(template.id)}\nIt is archived; offer it with "sealwright templates publish ${template.id}".`;
        await writeLine(stdout, line);
        return undefined;
      }),
    );
  addExamples(command, [
    ['one template', 'sealwright templates import staff-only.xml --authority authority'],
  ]);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
