import { Command } from 'commander';
import type { Outcome } from './command-action.ts';
import { addBulkCommand } from './commands/bulk.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addExportCommand } from './commands/export.ts';
import { addImportCommand } from './commands/import.ts';
import { addInitCommand } from './commands/init.ts';
import { addInspectCommand } from './commands/inspect.ts';
import { addLabelCommand } from './commands/label.ts';
import { addLogCommand } from './commands/log.ts';
import { addLoginCommand } from './commands/login.ts';
import { addOpenCommand } from './commands/open.ts';
import { addProtectCommand } from './commands/protect.ts';
import { addReprotectCommand } from './commands/reprotect.ts';
import { addRestoreAccessCommand, addRevokeCommand } from './commands/revoke.ts';
import { addServeCommand } from './commands/serve.ts';
import { addTemplatesCommand } from './commands/templates.ts';
import { addUnprotectCommand } from './commands/unprotect.ts';
import { addLogoutCommand, addWhoamiCommand } from './commands/whoami.ts';
import type { Session } from './session.ts';
import { packageVersion } from './version.ts';

const firstSteps = `
The quickest way to start:
  $ sealwright init --authority authority
  $ sealwright protect report.txt --authority authority --as alice@contoso.com \\
      --grant bob@contoso.com=VIEW,PRINT
  $ sealwright inspect report.ptxt
  $ sealwright open report.ptxt --authority authority --as bob@contoso.com \\
      --out opened

Over the network, to try it: sealwright serve --dev

Set SEALWRIGHT_AUTHORITY and SEALWRIGHT_USER to leave out --authority and --as.
"sealwright COMMAND --help" (or "help COMMAND") explains a command with examples.`;

const exitCodeText = `

Exit codes: 0 done, 1 some inputs failed, 2 wrong usage, 3 access refused,
4 malformed or unsupported input, 5 service or network, 6 files and disks, 130 interrupted.`;

/** Builds the command line for one run. */
export function buildProgram(session: Session, outcome: Outcome): Command {
  const program = new Command('sealwright');
  const { out, err, stdout, stderr } = session;
  program
    .description(
      'Rights-managed file protection: encrypt a file, say who may do what with it, and have that travel along.',
    )
    .version(packageVersion(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'explain this command')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHelpWidth: () => Math.min(out.columns, 110),
      getErrHelpWidth: () => Math.min(err.columns, 110),
      getOutHasColors: () => true,
      getErrHasColors: () => true,
      outputError: (text, write) => write(text.replace(/^error: /, `${err.red('error')}: `)),
    })
    .configureHelp({
      styleTitle: out.bold,
      styleCommandText: out.cyan,
      styleSubcommandText: out.cyan,
      styleOptionText: out.cyan,
    })
    .addHelpText('after', firstSteps + exitCodeText);

  program.commandsGroup('Files:');
  addProtectCommand(program, session, outcome);
  addOpenCommand(program, session, outcome);
  addInspectCommand(program, session, outcome);
  addReprotectCommand(program, session, outcome);
  addUnprotectCommand(program, session, outcome);
  addLabelCommand(program, session, outcome);
  addBulkCommand(program, session, outcome);
  program.commandsGroup('Authority:');
  addInitCommand(program, session, outcome);
  addTemplatesCommand(program, session, outcome);
  addRevokeCommand(program, session, outcome);
  addRestoreAccessCommand(program, session, outcome);
  addLogCommand(program, session, outcome);
  addExportCommand(program, session, outcome);
  addImportCommand(program, session, outcome);
  program.commandsGroup('Service:');
  addServeCommand(program, session, outcome);
  addLoginCommand(program, session, outcome);
  addLogoutCommand(program, session, outcome);
  addWhoamiCommand(program, session, outcome);
  addDoctorCommand(program, session, outcome);
  program.commandsGroup('Shell:');
  addCompletionCommand(program, session, outcome);
  return program;
}
