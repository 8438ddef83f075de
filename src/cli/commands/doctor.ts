import type { Command } from 'commander';
import { carryOut, type Outcome } from '../command-action.ts';
import { clouds, type DoctorOptions } from '../doctor/doctor-options.ts';
import { addExamples } from '../examples-text.ts';
import { exitCodes } from '../exit-codes.ts';
import { addServicePlaceOptions } from '../service/service-options.ts';
import type { Session } from '../session.ts';
import { usageError } from '../usage-error.ts';

/** `sealwright doctor`: finds out what keeps this machine from its licensing service. */
export function addDoctorCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('doctor')
    .argument('[service]', 'the service, as with --service')
    .summary('find out why a service cannot be reached')
    .description(
      'Examines the way to a licensing service step by step: proxy, DNS, connection, TLS, certificate, answer, sign-in, clocks and, where you are signed in, one license. Says what was tried, what was seen, what it means and what to do. Exit code 0 if nothing failed, else 5.',
    );
  addServicePlaceOptions(command)
    .option('--as <email>', 'whose sign-in to use, where there are several')
    .option('--cloud <name>', `examine what a cloud needs: ${clouds.join(', ')}`)
    .option('--all', 'with --cloud: also what is needed for labels, audit and administration only')
    .option('--proxy <url>', 'proxy to use; by default that of the profile or the environment')
    .option('--pac <url-or-file>', 'proxy configuration script')
    .option('--ca <file>', 'further certificate authorities to trust, PEM')
    .option('--timeout <seconds>', 'how long one check may take', '10')
    .option('--explain', 'say of every check what was tried and what it means')
    .option('--json', 'one JSON object a finding, and one with the totals (spec/doctor.md)')
    .action((service: string | undefined, options: DoctorOptions) =>
      carryOut(session, outcome, options, async () => {
        if (service !== undefined && options.service !== undefined)
          throw usageError('The service is named twice: as an argument and with --service. Name one.');
        const named = service === undefined ? options : { ...options, service };
        // What it takes to examine a network is loaded by nobody else.
        const { runDoctor } = await import('../doctor/run-doctor.ts');
        return (await runDoctor(session, named)) ? exitCodes.service : exitCodes.done;
      }),
    );
  addExamples(command, [
    ['the service you signed in to', 'sealwright doctor'],
    ['any service, before signing in', 'sealwright doctor https://rms.contoso.com'],
    [
      'what the cloud needs, through a proxy',
      'sealwright doctor --cloud commercial --proxy http://proxy:3128',
    ],
    ['for a script: what failed', 'sealwright doctor --json | grep \'"state":"failed"\''],
  ]);
}
