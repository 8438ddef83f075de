import type { Command } from 'commander';
import type { Outcome } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import type { Session } from '../session.ts';
import { addTemplatesAddCommand, addTemplatesUpdateCommand } from './templates-define.ts';
import { addTemplatesExportCommand, addTemplatesImportCommand } from './templates-exchange.ts';
import { addTemplatesListCommand, addTemplatesShowCommand } from './templates-show.ts';
import { addTemplatesStateCommands } from './templates-state.ts';

/** `sealwright templates …`: named policies that the authority keeps. */
export function addTemplatesCommand(program: Command, session: Session, outcome: Outcome): void {
  const templates = program
    .command('templates')
    .summary('add, list, change and exchange templates')
    .description(
      'Templates are named policies that the authority keeps. Files carry only their id: a change takes effect the next time somebody opens one.',
    );
  addTemplatesAddCommand(templates, session, outcome);
  addTemplatesUpdateCommand(templates, session, outcome);
  addTemplatesListCommand(templates, session, outcome);
  addTemplatesShowCommand(templates, session, outcome);
  addTemplatesStateCommands(templates, session, outcome);
  addTemplatesExportCommand(templates, session, outcome);
  addTemplatesImportCommand(templates, session, outcome);
  addExamples(templates, [
    [
      'everyone at Contoso may read, edit and save',
      'sealwright templates add --authority authority --name "Staff only" --grant contoso.com=Reviewer',
    ],
    ['all templates with their ids', 'sealwright templates list --authority authority'],
  ]);
}
