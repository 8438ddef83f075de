import type { Command } from 'commander';
import { type AuthorityOptions, addAuthorityOptions, withAuthority } from '../authority-options.ts';
import { columns } from '../columns.ts';
import { carryOut, jsonOption, type Outcome, type OutputOptions } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { printable } from '../printable.ts';
import { type Session, writeLine } from '../session.ts';
import { templateJson, templateLines, templateName } from '../template-text.ts';

/** What commands about stored templates take. */
export interface TemplateOptions extends AuthorityOptions, OutputOptions {}

/** `sealwright templates list`. */
export function addTemplatesListCommand(templates: Command, session: Session, outcome: Outcome): void {
  const command = templates
    .command('list')
    .summary('all templates, archived ones too')
    .description('Lists all templates of the authority. With --json, one object a line.');
  addAuthorityOptions(command)
    .option(...jsonOption)
    .action((options: TemplateOptions) =>
      carryOut(session, outcome, options, async () => {
        const all = await withAuthority(session, options, (authority) => authority.templates.list());
        const { out, stdout, stderr } = session;
        if (options.json) {
          for (const template of all) await writeLine(stdout, JSON.stringify(templateJson(template)));
          return undefined;
        }
        const rows = all.map((template) => [
          template.id,
          template.state === 'archived' ? out.yellow('archived') : out.green('published'),
          out.bold(printable(templateName(template).name)),
          out.dim(template.grants.map((grant) => printable(grant.to)).join(', ')),
        ]);
        for (const line of columns(rows)) await writeLine(stdout, line);
        if (all.length === 0)
          await writeLine(stderr, 'No templates yet. Make one with "sealwright templates add".');
        return undefined;
      }),
    );
  addExamples(command, [['all templates with their ids', 'sealwright templates list --authority authority']]);
}

/** `sealwright templates show`. */
export function addTemplatesShowCommand(templates: Command, session: Session, outcome: Outcome): void {
  const command = templates
    .command('show')
    .argument('<id>', 'id of the template')
    .summary('everything one template says')
    .description('Shows everything one template says.');
  addAuthorityOptions(command)
    .option(...jsonOption)
    .action((id: string, options: TemplateOptions) =>
      carryOut(session, outcome, options, async () => {
        const template = await withAuthority(session, options, (authority) => authority.templates.get(id));
        const lines = options.json
          ? [JSON.stringify(templateJson(template))]
          : templateLines(template, session.out);
        for (const line of lines) await writeLine(session.stdout, line);
        return undefined;
      }),
    );
  addExamples(command, [
    [
      'who may do what under this template',
      'sealwright templates show 9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41 --authority authority',
    ],
  ]);
}
