import { type Command, Option } from 'commander';
import { initAuthority } from '../../authority/folder/index.ts';
import type { Authority } from '../../authority/index.ts';
import {
  createDevIssuer,
  devIssuerNotice,
  type RunningServer,
  type ServerConfiguration,
  serve,
} from '../../server/index.ts';
import { addAuthorityOptions, withAuthority } from '../authority-options.ts';
import { columns } from '../columns.ts';
import { carryOut, type Outcome } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { exitCodes } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { collect } from '../repeatable-option.ts';
import { logText } from '../serve/log-text.ts';
import { isNewAuthority, type ServeSettings, serverSettings } from '../serve/server-settings.ts';
import { type Session, writeLine } from '../session.ts';
import { packageVersion } from '../version.ts';

const logForms = ['text', 'json', 'off'] as const;

interface ServeOptions extends ServeSettings {
  readonly log?: (typeof logForms)[number];
}

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
  addAuthorityOptions(command)
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
    .addOption(
      new Option(
        '--log <form>',
        'one line a request on standard output (default: text on a terminal, else json)',
      ).choices(logForms),
    )
    .action((options: ServeOptions) =>
      carryOut(session, outcome, {}, async () => {
        const configuration = await serverSettings(session, options);
        if (options.dev && isNewAuthority(configuration)) {
          const made = await initAuthority(configuration.authority, { name: 'Development' });
          await made.close();
        }
        const { authority, passphraseFile } = configuration;
        const place = { authority, ...(passphraseFile !== undefined && { passphraseFile }) };
        await withAuthority(session, place, (opened) => run(session, options, configuration, opened));
        return exitCodes.done;
      }),
    );
  addExamples(command, [
    ['try it out, then sign in from another terminal', 'sealwright serve --dev'],
    [
      'for a team',
      'sealwright serve --authority authority --url https://rms.contoso.com --listen 0.0.0.0:443 --tls-certificate fullchain.pem --tls-key privkey.pem --issuer https://login.contoso.com --audience https://rms.contoso.com --domain contoso.com',
    ],
    ['everything in a file', 'sealwright serve --config server.json'],
  ]);
}

async function run(
  session: Session,
  options: ServeOptions,
  configuration: ServerConfiguration,
  authority: Authority,
): Promise<void> {
  const { stdout, out } = session;
  await authority.setUrl(configuration.url);
  const form = options.log ?? (out.interactive ? 'text' : 'json');
  const log = (line: string) => void stdout.write(`${form === 'text' ? logText(line, out) : line}\n`);
  const running = await serve(configuration, {
    authority,
    version: packageVersion(),
    log: form === 'off' ? undefined : log,
    development: options.dev ? createDevIssuer({ url: `${configuration.url}/issuer` }) : undefined,
  });
  await announce(session, options, configuration, running);
  await interrupted(session.signal);
  await writeLine(session.stderr, 'Stopping: requests under way are finished first.');
  await running.stop();
}

async function announce(
  session: Session,
  options: ServeOptions,
  { url, authority, issuers }: ServerConfiguration,
  { listener }: RunningServer,
): Promise<void> {
  const { stderr, err } = session;
  const rows = [
    [err.dim('address'), err.bold(url)],
    ...(listener.url === url ? [] : [[err.dim('listening'), listener.url]]),
    [err.dim('authority'), printable(authority)],
    ...issuers.map(({ issuer }) => [err.dim('issuer'), printable(issuer)]),
  ];
  const lines = [`${err.green('Serving')} rights management. Stop with Ctrl-C.`, ...columns(rows, '  ')];
  if (options.dev) {
    lines.push(
      '',
      `${err.yellow(devIssuerNotice)}`,
      '',
      'In another terminal:',
      `  ${err.cyan(`sealwright login --service ${url} --as alice@contoso.com`)}`,
      `  ${err.cyan('sealwright protect report.txt --grant bob@contoso.com=VIEW')}`,
    );
  }
  for (const line of lines) await writeLine(stderr, line);
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
