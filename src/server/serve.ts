import { appendFile, readFile } from 'node:fs/promises';
import type { Authority } from '../authority/index.ts';
import { SealwrightError } from '../errors.ts';
import type { ServerFactsMessage } from '../licensing/index.ts';
import {
  type AdministrativeAction,
  administrationRoutes,
  openAdministrators,
} from './administration/index.ts';
import { createServer } from './app.ts';
import type { ServerConfiguration } from './configuration.ts';
import type { DevIssuer } from './dev-issuer/index.ts';
import { createTokenVerifier, type Issuer, issuersSchema, openDirectoryFile } from './identity/index.ts';
import { type Listener, listen } from './listen.ts';
import { metricsOnly } from './operations/metrics-only.ts';
import { eventLine } from './operations/request-log.ts';
import type { ChallengeFacts, Server } from './server-options.ts';

/** What a server runs with beside its configuration. */
export interface ServeOptions {
  /** Opened from the folder of the configuration; the caller closes it after the server stopped. */
  readonly authority: Authority;
  /** Of this software, as anyone may read it. */
  readonly version: string;
  readonly log?: ((line: string) => void) | undefined;
  /** The issuer of `serve --dev`, mounted at `/issuer` and taken for the only one. */
  readonly development?: DevIssuer | undefined;
  readonly now?: (() => Date) | undefined;
}

/** A server that runs. */
export interface RunningServer {
  readonly server: Server;
  readonly listener: Listener;
  /** Where the metrics are, if they have a listener of their own. */
  readonly metrics: Listener | undefined;
  /** Like {@link Listener.stop}. */
  stop(grace?: number): Promise<boolean>;
}

/**
 * Puts a server together as its configuration says, and listens (spec/server.md, "Configuration").
 *
 * @throws `INVALID_ARGUMENT`, `FILE_NOT_FOUND`, `MALFORMED_KEY`, `IO_FAILED` for what the configuration names and cannot be used
 *
 * @example
 * ```ts
 * const configuration = await readServerConfiguration('server.json');
 * const authority = await openAuthority(configuration.authority);
 * const running = await serve(configuration, { authority, version: '1.0.0', log: console.log });
 * process.once('SIGTERM', async () => {
 *   await running.stop();
 *   await authority.close();
 * });
 * ```
 */
export async function serve(
  configuration: ServerConfiguration,
  options: ServeOptions,
): Promise<RunningServer> {
  const { authority, log, development, now } = options;
  const says = (event: string, facts: Readonly<Record<string, unknown>>) =>
    log?.(eventLine(now?.() ?? new Date(), event, facts));
  const issuers =
    development === undefined ? configuration.issuers : issuersSchema.parse([development.settings]);
  const directory =
    configuration.directory === undefined
      ? undefined
      : await openDirectoryFile(configuration.directory, {
          now,
          onProblem: ({ code }) => says('directory-not-reloaded', { level: 'warning', code }),
        });
  const administrators = await openAdministrators(
    configuration.administrators,
    configuration.administratorsFile,
    {
      now,
      onProblem: ({ code }) => says('administrators-not-reloaded', { level: 'warning', code }),
    },
  );
  const { metrics, limits } = configuration;
  const server = createServer({
    authority,
    verifyToken: createTokenVerifier({ issuers, directory, roles: administrators, now }),
    url: configuration.url,
    challenges: challengesOf(issuers),
    facts: factsOf(authority, issuers, options.version),
    limits,
    origins: configuration.origins,
    metrics: typeof metrics === 'string' ? metrics : 'off',
    log,
    personalData: configuration.personalData,
    administration: administrationRoutes({
      authority,
      administrators,
      now,
      onAction: (action) => noteAction(configuration, action, says),
    }),
    developmentIssuer: development,
    now,
  });
  const passphrase =
    configuration.tls?.passphraseFile && (await readSecret(configuration.tls.passphraseFile));
  const listener = await listen(server, {
    ...configuration.listen,
    tls: configuration.tls && { ...configuration.tls, passphrase },
    trustedProxies: configuration.trustedProxies,
    maxConnections: limits.connections,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    hostNames: [new URL(configuration.url).hostname],
    log,
  });
  let metricsListener: Listener | undefined;
  try {
    metricsListener = typeof metrics === 'string' ? undefined : await listen(metricsOnly(server), metrics);
  } catch (error) {
    await listener.stop(0);
    throw error;
  }
  return {
    server,
    listener,
    metrics: metricsListener,
    async stop(grace) {
      const finished = await listener.stop(grace);
      await metricsListener?.stop(grace);
      return finished;
    },
  };
}

/** Where people of each issuer are sent; the first one is where everybody is sent of whom nothing is known. */
function challengesOf(issuers: readonly Issuer[]): readonly [ChallengeFacts, ...ChallengeFacts[]] {
  const [first, ...others] = issuers.map(
    (each): ChallengeFacts => ({
      authority: each.issuer,
      resource: each.resource ?? (each.audience[0] as string),
      scope: each.scope,
      issuer: each.issuer,
      domains: each.domains,
    }),
  );
  if (first === undefined)
    throw new SealwrightError('INVALID_ARGUMENT', 'A server needs an issuer of tokens.');
  return [first, ...others];
}

const factsOf = (authority: Authority, issuers: readonly Issuer[], version: string): ServerFactsMessage => ({
  Name: authority.facts.name,
  AuthorityId: authority.facts.id,
  KeySha256: authority.facts.keySha256,
  Version: version,
  Issuers: issuers.map((each) => ({
    Issuer: each.issuer,
    ...(each.clientId !== undefined && { ClientId: each.clientId }),
    ...(each.scope !== undefined && { Scope: each.scope }),
    Resource: each.resource ?? (each.audience[0] as string),
    ...(each.development && { Development: true }),
  })),
});

/** Into the audit log with everything, into the log without who it was, unless that is asked for. */
async function noteAction(
  { auditLog, personalData }: ServerConfiguration,
  action: AdministrativeAction,
  says: (event: string, facts: Readonly<Record<string, unknown>>) => void,
): Promise<void> {
  if (auditLog !== undefined) {
    try {
      await appendFile(auditLog, `${JSON.stringify(action)}\n`, { mode: 0o600 });
    } catch (cause) {
      throw new SealwrightError('IO_FAILED', `The audit log ${auditLog} cannot be written.`, {
        path: auditLog,
        cause,
      });
    }
  }
  const { time: _, by, target, ...rest } = action;
  says('administration', { ...rest, ...(personalData && { by, target }) });
}

/** The first line of a file that holds a passphrase. */
async function readSecret(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).split(/\r?\n/, 1)[0] as string;
  } catch (cause) {
    throw new SealwrightError(
      'FILE_NOT_FOUND',
      `${file} cannot be read: check the path and who may read it.`,
      {
        path: file,
        cause,
      },
    );
  }
}
