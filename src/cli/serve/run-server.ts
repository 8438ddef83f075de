import { initAuthority } from '../../authority/folder/index.ts';
import type { Authority } from '../../authority/index.ts';
import {
  createDevIssuer,
  devIssuerNotice,
  type RunningServer,
  type ServerConfiguration,
  serve,
} from '../../server/index.ts';
import { withAuthority } from '../authority-options.ts';
import { columns } from '../columns.ts';
import { printable } from '../printable.ts';
import { type Session, writeLine } from '../session.ts';
import { packageVersion } from '../version.ts';
import { wrap } from '../wrap.ts';
import { logText } from './log-text.ts';
import type { ServeOptions } from './serve-options.ts';
import { isNewAuthority, serverSettings } from './server-settings.ts';

/** Serves until it is interrupted. */
export async function runServer(session: Session, options: ServeOptions): Promise<void> {
  const configuration = await serverSettings(session, options);
  if (options.dev && isNewAuthority(configuration)) {
    const made = await initAuthority(configuration.authority, { name: 'Development' });
    await made.close();
  }
  const { authority, passphraseFile } = configuration;
  const place = { authority, ...(passphraseFile !== undefined && { passphraseFile }) };
  await withAuthority(session, place, (opened) => run(session, options, configuration, opened));
}

async function run(
  session: Session,
  options: ServeOptions,
  configuration: ServerConfiguration,
  authority: Authority,
): Promise<void> {
  const { stdout, out } = session;
  const development = options.dev ? createDevIssuer({ url: `${configuration.url}/issuer` }) : undefined;
  await authority.setUrl(configuration.url);
  const form = options.log ?? (out.interactive ? 'text' : 'json');
  const log = (line: string) => void stdout.write(`${form === 'text' ? logText(line, out) : line}\n`);
  const running = await serve(configuration, {
    authority,
    version: packageVersion(),
    log: form === 'off' ? undefined : log,
    development,
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
  const wrapped = (text: string) => wrap(text, Math.min(err.columns, 100));
  const rows = [
    [err.dim('address'), err.bold(url)],
    ...(sameListener(listener, url) ? [] : [[err.dim('listening'), listener.url]]),
    [err.dim('authority'), printable(authority)],
    ...issuers.map(({ issuer }) => [err.dim('issuer'), printable(issuer)]),
  ];
  const lines = [`${err.green('Serving')} rights management. Stop with Ctrl-C.`, ...columns(rows, '  ')];
  for (const { issuer, domains } of options.dev ? [] : issuers) {
    if (domains !== undefined) continue;
    const warning = `Everyone who can sign in at ${printable(issuer)} counts as one of your own people, whatever their mail address. Name your domains with --domain.`;
    lines.push('', ...wrapped(warning).map(err.yellow));
  }
  if (options.dev) {
    lines.push(
      '',
      ...wrapped(devIssuerNotice).map(err.yellow),
      '',
      'In another terminal:',
      `  ${err.cyan(`sealwright login --service ${url} --as alice@contoso.com`)}`,
      `  ${err.cyan('sealwright protect FILE --grant bob@contoso.com=VIEW')}`,
    );
  }
  for (const line of lines) await writeLine(stderr, line);
}

/** Whether the address says where the server listens: `localhost` is 127.0.0.1. */
const sameListener = ({ url: at }: RunningServer['listener'], url: string): boolean =>
  at === url || at === url.replace('//localhost', '//127.0.0.1');

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
