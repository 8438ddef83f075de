import type { Command } from 'commander';
import type { AuthorityTemplates } from '../../authority/index.ts';
import { addAuthorityOptions, withAuthority } from '../authority-options.ts';
import { carryOut, jsonOption, type Outcome } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { printable } from '../printable.ts';
import { type Session, writeLine } from '../session.ts';
import { templateJson, templateName } from '../template-text.ts';
import type { TemplateOptions } from './templates-show.ts';

/** `sealwright templates archive`, `publish` and `delete`. */
export function addTemplatesStateCommands(templates: Command, session: Session, outcome: Outcome): void {
  stateCommand(templates, session, outcome, {
    verb: 'archive',
    summary: 'no longer offer it; existing files still open',
    done: 'Archived',
    change: (all, id) => all.archive(id),
  });
  stateCommand(templates, session, outcome, {
    verb: 'publish',
    summary: 'offer it to people who protect',
    done: 'Published',
    change: (all, id) => all.publish(id),
  });
  stateCommand(templates, session, outcome, {
    verb: 'delete',
    summary: 'delete it; files under it then open for owner and issuer only',
    done: 'Deleted',
    change: async (all, id) => {
      const template = await all.get(id);
      await all.delete(id);
      return template;
    },
  });
}

interface StateChange {
  readonly verb: 'archive' | 'publish' | 'delete';
  readonly summary: string;
  readonly done: string;
  readonly change: (all: AuthorityTemplates, id: string) => ReturnType<AuthorityTemplates['get']>;
}

function stateCommand(templates: Command, session: Session, outcome: Outcome, change: StateChange): void {
  const command = templates
    .command(change.verb)
    .argument('<id>', 'id of the template')
    .summary(change.summary)
    .description(`${change.verb[0]?.toUpperCase()}${change.verb.slice(1)} a template: ${change.summary}.`);
  addAuthorityOptions(command)
    .option(...jsonOption)
    .action((id: string, options: TemplateOptions) =>
      carryOut(session, outcome, options, async () => {
        const template = await withAuthority(session, options, (authority) =>
          change.change(authority.templates, id),
        );
        const { out, stdout } = session;
        const line = options.json
          ? JSON.stringify({ ...templateJson(template), deleted: change.verb === 'delete' })
          : `${out.green(change.done)} ${out.bold(printable(templateName(template).name))}  ${out.dim(template.id)}`;
        await writeLine(stdout, line);
        return undefined;
      }),
    );
  addExamples(command, [
    [
      change.summary,
      `sealwright templates ${change.verb} 9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41 --authority authority`,
    ],
  ]);
}
