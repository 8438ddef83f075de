import { SealwrightError } from '../../errors.ts';
import type { CloudName, ServiceTrust } from '../service-trust.ts';
import { clouds, isOperatorAudience } from './clouds.ts';
import { type HostMatch, hostMatch, isLoopbackHost } from './host-pattern.ts';
import { printable } from './printable.ts';

/** What is held against the trust configuration before it is used (spec/rest.md, "Trust"). */
export interface AllowedServices {
  /**
   * The address of a service, if it may be contacted; throws `UNTRUSTED_SERVICE` if not. `source` begins the sentence that
   * says who wanted to go there: `The license`, `The DNS record of contoso.com`.
   */
  service(url: string | URL, source: string): URL;
  /** The address of a token issuer that the service at `url` named, if it may be asked; throws `UNTRUSTED_SERVICE`. */
  authority(authority: string, url: URL): string;
  /** Throws `UNTRUSTED_SERVICE` if the service at `url` may not be given tokens for this audience. */
  audience(audience: string | undefined, url: URL): void;
}

/** Everything that says which services are allowed. */
export interface AllowedServicesOptions {
  readonly trust?: ServiceTrust | undefined;
  /** What the application named itself. */
  readonly named?: readonly (string | URL)[] | undefined;
}

const refusal = (reason: string, message: string, host?: string): SealwrightError =>
  new SealwrightError('UNTRUSTED_SERVICE', message, { reason, ...(host === undefined ? {} : { host }) });

const cloudNames = Object.keys(clouds) as CloudName[];

/** Origin and path of a URL for a person: what follows may hold names. */
const shown = (url: URL): string => printable(`${url.protocol}//${url.host}${url.pathname}`, 200);

/**
 * Reads a trust configuration once. Throws `INVALID_ARGUMENT` for a pattern or address that is none.
 *
 * @example
 * ```ts
 * import { allowedServices } from 'sealwright/licensing';
 * const allowed = allowedServices({ trust: { hosts: ['rms.contoso.com'] } });
 * const url = allowed.service('https://rms.contoso.com/my/v2', 'The license');
 * ```
 */
export function allowedServices({ trust = {}, named = [] }: AllowedServicesOptions = {}): AllowedServices {
  const allowedClouds = (trust.clouds ?? cloudNames).map((name) => {
    if (!Object.hasOwn(clouds, name))
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        `There is no cloud ${JSON.stringify(name)}; there are ${cloudNames.join(', ')}.`,
      );
    return clouds[name];
  });
  const namedOrigins = new Set(named.map((url) => applicationUrl(url, 'service').origin));
  const hosts: readonly HostMatch[] = (trust.hosts ?? []).map(hostMatch);
  const cloudHosts = allowedClouds.flatMap((cloud) => cloud.hosts.map(hostMatch));
  const authorities = [
    ...(trust.authorities ?? []),
    ...allowedClouds.flatMap((cloud) => cloud.authorities),
  ].map((url) => applicationUrl(url, 'authority'));
  const insecureLoopback = trust.insecureLoopback === true;
  const among = (matches: readonly HostMatch[], url: URL): boolean =>
    matches.some((match) => match(url.hostname, url.port));

  return {
    service(text, source) {
      const url = wellFormed(text, source, insecureLoopback);
      if (namedOrigins.has(url.origin) || among(hosts, url)) return url;
      if (url.protocol === 'https:' && among(cloudHosts, url)) return url;
      throw refusal(
        'host-not-allowed',
        `${source} points to ${shown(url)}, but ${url.host} is not among the hosts that may see a token. Nothing was sent there. ` +
          `If you know it and trust it, allow it: trust: { hosts: ['${url.host}'] }, or --trust ${url.host} on the command line.`,
        url.hostname,
      );
    },

    authority(text, service) {
      const source = `The sign-in that ${service.host} asks for`;
      const url = wellFormed(text, source, insecureLoopback);
      const allowed =
        // A service that the application named may sign its people in itself.
        (url.origin === service.origin && namedOrigins.has(url.origin)) ||
        authorities.some((authority) => isBelow(url, authority));
      if (!allowed)
        throw refusal(
          'authority-not-allowed',
          `${source} points to ${shown(url)}, which is not among the issuers of tokens that are allowed. Nobody was sent there. ` +
            `If you know it and trust it, allow it: trust: { authorities: ['${url.origin}'] }, or --trust ${url.host} on the command line.`,
          url.hostname,
        );
      // What was checked is what is passed on, in the checked spelling; an issuer's name may lack the last slash.
      return url.href.endsWith('/') && !text.trim().endsWith('/') ? url.href.slice(0, -1) : url.href;
    },

    audience(audience, service) {
      if (audience === undefined || !isOperatorAudience(audience)) return;
      if (service.protocol === 'https:' && among(cloudHosts, service)) return;
      if (trust.resources?.includes(audience)) return;
      const quoted = printable(audience, 100);
      throw refusal(
        'resource-not-allowed',
        `${service.host} asks for a token for ${quoted}, which is a service of Microsoft's and not this one: whoever holds such a token ` +
          `could use it there. It was not asked for. If this is meant, allow it: trust: { resources: ['${quoted}'] }.`,
        service.hostname,
      );
    },
  };
}

/** An address that the application gave: its slips are its own. */
function applicationUrl(text: string | URL, what: string): URL {
  try {
    const url = new URL(text);
    if ((url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '')
      return url;
  } catch {
    // Said below.
  }
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `The ${what} ${JSON.stringify(printable(String(text).replace(/\/\/[^/]*@/, '//'), 200))} is no address: write https://host/path.`,
  );
}

/** Reads an address from a file or an answer, and refuses those that no honest service has. */
function wellFormed(text: string | URL, source: string, insecureLoopback: boolean): URL {
  let url: URL;
  try {
    url = new URL(typeof text === 'string' ? text.trim() : text.href);
  } catch {
    throw refusal('not-a-url', `${source} points to something that is no web address. Nothing was sent.`);
  }
  const host = url.hostname;
  const refuse = (reason: string, why: string): never => {
    throw refusal(reason, `${source} points to ${shown(url)}, ${why} Nothing was sent there.`, host);
  };
  if (url.username !== '' || url.password !== '')
    refuse('userinfo', 'and puts a name or password before the host, which no service does.');
  if (url.protocol === 'http:' && !isLoopbackHost(host))
    refuse('not-https', 'which is not protected on the way; only https:// is allowed.');
  if (url.protocol === 'http:' && !insecureLoopback)
    refuse(
      'not-https',
      'which is plain HTTP to this machine; allow that for development with trust: { insecureLoopback: true }.',
    );
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    refuse('not-https', 'which is no https:// address.');
  if (host.endsWith('.'))
    refuse('trailing-dot', 'whose host name ends in a dot; such a spelling is not allowed.');
  return url;
}

/** Whether a URL has the origin of another and lies at or below its path. */
function isBelow(url: URL, base: URL): boolean {
  if (url.origin !== base.origin) return false;
  const path = base.pathname.replace(/\/$/, '');
  if (path === '') return true;
  // An encoded slash is one to some servers, and could lead out again.
  if (/%2f|%5c/i.test(url.pathname)) return false;
  return url.pathname === path || url.pathname.startsWith(`${path}/`);
}

/**
 * The address of a service found in a license, an answer or the DNS, if the trust configuration allows it. Throws
 * `UNTRUSTED_SERVICE`. To check several, read the configuration once with {@link allowedServices}.
 *
 * @example
 * ```ts
 * import { checkedServiceUrl } from 'sealwright/licensing';
 * const url = checkedServiceUrl('https://api.aadrm.com/my/v2', {}, 'The license');
 * ```
 */
export const checkedServiceUrl = (url: string | URL, options: AllowedServicesOptions, source: string): URL =>
  allowedServices(options).service(url, source);
