import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  checkServerConfiguration,
  readServerConfiguration,
  type ServerConfiguration,
  type ServerConfigurationInput,
} from '../../server/index.ts';
import { isLoopbackUrl } from '../service/loopback.ts';
import type { Session } from '../session.ts';
import { usageError } from '../usage-error.ts';
import type { ServeOptions } from './serve-options.ts';

const devPort = 8787;
const devFolder = 'sealwright-dev';

/** The configuration of a server: a file, or what the command line says; `--dev` has an answer to everything. */
export function serverSettings(session: Session, options: ServeOptions): Promise<ServerConfiguration> {
  if (options.config === undefined) return settingsFromOptions(session, options);
  const others = (
    [
      'dev',
      'listen',
      'url',
      'issuer',
      'audience',
      'clientId',
      'domain',
      'trustedProxy',
      'tlsCertificate',
      'tlsKey',
      'authority',
    ] as const
  ).filter((name) => options[name] !== undefined);
  if (others.length > 0) {
    throw usageError(
      `--config says everything: leave out ${others.map(flagOf).join(' and ')}, or write it into the file.`,
    );
  }
  return readServerConfiguration(options.config);
}

async function settingsFromOptions(session: Session, options: ServeOptions): Promise<ServerConfiguration> {
  // Not the one of the environment: it may be real, and here anyone is let in.
  if (options.dev) return devSettings(options, options.authority);
  const authority = options.authority ?? (session.env.SEALWRIGHT_AUTHORITY || undefined);
  if (authority === undefined) {
    throw usageError(
      'Which authority is to be served? Add --authority FOLDER, or --config FILE. To try it out: "sealwright serve --dev".',
    );
  }
  const { url, issuer, audience } = options;
  if (issuer === undefined || audience === undefined || url === undefined) {
    throw usageError(
      'A server needs --url (where clients reach it), --issuer (whose tokens it takes) and --audience (whom they are for), or --config FILE. To try it out: "sealwright serve --dev".',
    );
  }
  requireUrl('--url', url);
  requireUrl('--issuer', issuer);
  const tls = tlsOf(options);
  if (url.startsWith('https:') && tls.tls === undefined && options.trustedProxy === undefined) {
    throw usageError(
      'To serve HTTPS, name --tls-certificate and --tls-key. If a proxy in front does that, name its address with --trusted-proxy, such as 127.0.0.1.',
    );
  }
  const { host, port } = listenAddress(options.listen ?? '127.0.0.1:8443');
  const input: ServerConfigurationInput = {
    url,
    authority,
    passphraseFile: options.passphraseFile,
    listen: { host, port },
    issuers: [
      {
        issuer,
        audience: [audience],
        clientId: options.clientId,
        domains: options.domain && [...options.domain],
      },
    ],
    trustedProxies: [...(options.trustedProxy ?? [])],
    ...tls,
  };
  return checkServerConfiguration(input, process.cwd(), 'the command line');
}

/** A server for trying it out: this machine only, and anyone is who they say they are. */
function devSettings(options: ServeOptions, authority: string | undefined): ServerConfiguration {
  const others = (
    ['issuer', 'audience', 'clientId', 'domain', 'trustedProxy', 'tlsCertificate', 'tlsKey'] as const
  ).filter((name) => options[name] !== undefined);
  if (others.length > 0) {
    throw usageError(
      `--dev signs anyone in by itself, over plain HTTP: leave out ${others.map(flagOf).join(' and ')}, or leave out --dev.`,
    );
  }
  const { host, port } = listenAddress(options.listen ?? `127.0.0.1:${devPort}`);
  const url = options.url ?? `http://${host === '127.0.0.1' || host === '::1' ? 'localhost' : host}:${port}`;
  if (!URL.canParse(url) || !isLoopbackUrl(url)) {
    throw usageError(
      `--dev is for this machine only, since anyone is let in: ${url} is not localhost. Leave out --dev and name an --issuer.`,
    );
  }
  const issuer = `${url}/issuer`;
  return checkServerConfiguration(
    {
      url,
      authority: authority ?? devFolder,
      passphraseFile: options.passphraseFile,
      listen: { host, port },
      issuers: [{ issuer, audience: [url] }],
    },
    process.cwd(),
    'the command line',
  );
}

/** Whether the authority has to be made first. */
export const isNewAuthority = ({ authority }: ServerConfiguration): boolean =>
  !existsSync(resolve(authority, 'authority.key'));

function requireUrl(option: string, text: string): void {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return;
  throw usageError(`${option} takes a URL such as https://rms.contoso.com, not "${text}".`);
}

function tlsOf({ tlsCertificate, tlsKey }: ServeOptions): Pick<ServerConfigurationInput, 'tls'> {
  if (tlsCertificate === undefined && tlsKey === undefined) return {};
  if (tlsCertificate === undefined || tlsKey === undefined) {
    throw usageError('--tls-certificate and --tls-key belong together: give both.');
  }
  return { tls: { certificate: tlsCertificate, key: tlsKey } };
}

/** `8443`, `0.0.0.0:8443`, `[::1]:8443`. */
function listenAddress(text: string): { readonly host: string; readonly port: number } {
  const found = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text);
  const port = Number(found?.[3]);
  if (found === null || port > 65_535)
    throw usageError(`--listen takes a port or ADDRESS:PORT such as 0.0.0.0:8443, not "${text}".`);
  return { host: found[1] ?? found[2] ?? '127.0.0.1', port };
}

const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
