import type { Command } from 'commander';
import { carryOut, jsonOption, type Outcome } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { addServicePlaceOptions } from '../service/service-options.ts';
import type { Session } from '../session.ts';
import type { LoginOptions } from '../sign-in/login.ts';
import { usageError } from '../usage-error.ts';

/** `sealwright login`: signs in to a licensing service and remembers it as a profile. */
export function addLoginCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('login')
    .argument('[service]', 'the service, as with --service')
    .summary('sign in to a licensing service')
    .description(
      'Signs in to a licensing service and remembers it as a profile, so that other commands need neither --service nor --as. A Sealwright server says itself how to sign in; for any other service name --issuer and --client-id.',
    );
  addServicePlaceOptions(command)
    .option('--as <email>', 'who you are, where the sign-in page need not ask')
    .option('--device', 'sign in on another device with a code, for machines without a browser')
    .option('--issuer <url>', 'who issues tokens for the service')
    .option('--client-id <id>', 'the application to sign in with, as registered at the issuer')
    .option('--scope <scope>', 'what to ask for')
    .option('--resource <resource>', 'the audience of the token')
    .option('--proxy <url>', 'proxy for this service; by default that of the environment')
    .option('--pac <url-or-file>', 'proxy configuration script')
    .option('--ca <file>', 'further certificate authorities to trust, PEM')
    .option(...jsonOption)
    .action((service: string | undefined, options: LoginOptions) =>
      carryOut(session, outcome, options, async () => {
        if (service !== undefined && options.service !== undefined)
          throw usageError(
            'The service is named twice: once as an argument and once with --service. Name one.',
          );
        const { login } = await import('../sign-in/login.ts');
        await login(session, service === undefined ? options : { ...options, service });
        return undefined;
      }),
    );
  addExamples(command, [
    ['in the browser', 'sealwright login --service https://rms.contoso.com'],
    ['on a machine without one', 'sealwright login --service https://rms.contoso.com --device'],
    [
      'to a server that runs with "serve --dev"',
      'sealwright login --service http://localhost:8787 --as alice@contoso.com',
    ],
  ]);
}
