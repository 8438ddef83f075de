import type { Command } from 'commander';
import {
  addBulkControlCommands,
  addBulkListCommand,
  addBulkRemoveCommand,
  addBulkStatusCommand,
} from '../bulk/control.ts';
import { addBulkReportCommand } from '../bulk/report.ts';
import { addBulkSubmitCommand } from '../bulk/submit.ts';
import { addBulkWorkCommand } from '../bulk/work.ts';
import type { Outcome } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import type { Session } from '../session.ts';

/** `sealwright bulk …`: one run on many machines, through a PostgreSQL database. */
export function addBulkCommand(program: Command, session: Session, outcome: Outcome): void {
  const bulk = program
    .command('bulk')
    .summary('one run over many files, on many machines')
    .description(
      'Shares a run over many files among workers on any number of machines that see the same storage. A PostgreSQL database hands out the files and keeps what came of them; it never sees a key, a token or content. For one machine, "sealwright protect -r" needs none of this.',
    );
  addBulkSubmitCommand(bulk, session, outcome);
  addBulkWorkCommand(bulk, session, outcome);
  addBulkStatusCommand(bulk, session, outcome);
  addBulkListCommand(bulk, session, outcome);
  addBulkControlCommands(bulk, session, outcome);
  addBulkReportCommand(bulk, session, outcome);
  addBulkRemoveCommand(bulk, session, outcome);
  addExamples(bulk, [
    [
      'list a share and submit it, on any machine',
      'sealwright bulk submit protect /mnt/share --root /mnt/share --in-place --grant contoso.com=Viewer --database postgres://worker@db/sealwright',
    ],
    [
      'then on each machine, wherever it sees the share',
      'sealwright bulk work --root /mnt/share --service https://rms.contoso.com --database postgres://worker@db/sealwright',
    ],
    ['how far it is', 'sealwright bulk status --database postgres://worker@db/sealwright'],
  ]);
}
