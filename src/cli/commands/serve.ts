import { type Command, Option } from 'commander';
import { addAuthorityOptions } from '../authority-options.ts';
import { carryOut, type Outcome } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { exitCodes } from '../exit-codes.ts';
import { collect } from '../repeatable-option.ts';
import { logForms, type ServeOptions } from '../serve/serve-options.ts';
import type { Session } from '../session.ts';

/** `sealwright serve`: an authority on the network. */
export function addServeCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('serve')
    .summary('serve an authority to a team')
    .description(
      'Serves an authority over HTTPS in the protocol of Azure RMS, with sign-in at your OpenID issuer. The server never sees content. --dev is for trying it out: on this machine only, with a built-in issuer that signs anyone in by name.',
    )
    .option('--dev', 'try it out on this machine: no certificate, no issuer, no configuration')
    .option('--config <file>', 'everything from a JSON file (spec/server.md, "Configuration")');
  addAuthorityOptions(
    command,
    'the authority to serve; with --dev by default sealwright-dev, made if need be',
  )
    .option('--listen <address>', 'port, or ADDRESS:PORT (default 127.0.0.1:8443; with --dev 127.0.0.1:8787)')
    .option('--url <url>', 'the address under which clients reach the server')
    .option('--issuer <url>', 'the OpenID issuer whose tokens the server takes')
    .option('--audience <text>', 'the audience that a token must be for')
    .option('--client-id <id>', 'the public client with which "sealwright login" signs people in')
    .option('--domain <domain>', 'a mail domain the issuer may speak for (repeatable; default: any)', collect)
    .option(
      '--tls-certificate <file>',
      'PEM, the certificate and those of its issuers; read again when it changes',
    )
    .option('--tls-key <file>', 'PEM, its private key')
    .option(
      '--trusted-proxy <address>',
      'instead of a certificate: a proxy in front that serves HTTPS (repeatable)',
      collect,
    )
    .addOption(
      new Option(
        '--log <form>',
        'one line a request on standard output (default: text on a terminal, else json)',
      ).choices(logForms),
    )
    .action((options: ServeOptions) =>
      carryOut(session, outcome, {}, async () => {
        // What a server is made of is loaded by nobody else.
        const { runServer } = await import('../serve/run-server.ts');
        await runServer(session, options);
        return exitCodes.done;
      }),
    );
  addExamples(command, [
    ['try it out, then sign in from another terminal', 'sealwright serve --dev'],
    [
      'for a team',
      'sealwright serve --authority authority --url https://rms.contoso.com --listen 0.0.0.0:443 --tls-certificate fullchain.pem --tls-key privkey.pem --issuer https://login.contoso.com --audience https://rms.contoso.com --client-id sealwright --domain contoso.com',
    ],
    ['everything in a file', 'sealwright serve --config server.json'],
  ]);
}
