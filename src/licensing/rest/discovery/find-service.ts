import type { WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { PublishingLicenseFacts } from '../../../license/index.ts';
import { normalizeAddress } from '../../../rights/index.ts';
import type { RestConnection } from '../rest-connection.ts';
import type { DiscoveryStep, RestServiceOptions } from '../rest-service-options.ts';
import { serviceError } from '../service-error.ts';
import { cloudRoot } from './cloud-root.ts';
import { endpointCache } from './endpoint-cache.ts';
import {
  type EndpointName,
  type Endpoints,
  endpointUrl,
  readEndpoints,
  usualEndpoints,
} from './endpoints.ts';
import { type LicenseAddresses, licenseAddresses } from './license-addresses.ts';
import { findServiceRecord } from './service-record.ts';
import { type DiscoveryInput, discoveryUrl, type ServiceRoot, serviceRoot } from './service-root.ts';

/** A service and where its endpoints are. */
export interface FoundService {
  /** Whether it is a server of ours, which understands what the protocol has no word for. */
  readonly sealwright: boolean;
  /** The address of an endpoint, held against the trust configuration. Throws `UNTRUSTED_SERVICE`. */
  endpoint(name: EndpointName): URL;
  /** To be called when an endpoint is gone: the next request looks again. */
  forget(): void;
}

/** Finds the service that is to be asked (spec/rest.md, "Discovery"). */
export interface ServiceFinder {
  /** For protecting, templates and everything else that is the caller's own service's business. */
  forPublishing(wait?: WaitOptions): Promise<FoundService>;
  /** For what concerns one license: the service that can open it. */
  forLicense(license: PublishingLicenseFacts, wait?: WaitOptions): Promise<FoundService>;
}

interface Candidate {
  readonly root: ServiceRoot;
  /** Who named it, as the beginning of a sentence. */
  readonly source: string;
  readonly input: DiscoveryInput;
  readonly serverKey?: string | undefined;
}

/** Candidates beyond this many are not asked: whoever lists more leads in circles. */
const mostCandidates = 12;

/** A finder for one service client. */
export function serviceFinder(connection: RestConnection, options: RestServiceOptions): ServiceFinder {
  const now = options.now ?? (() => new Date());
  const explain = (step: DiscoveryStep): void => options.onDiscovery?.(step);
  const given = options.url === undefined ? undefined : serviceRoot(options.url, options.protocol);
  const version = options.protocol ?? 'v2';
  const cache = endpointCache(now);

  async function cached(key: string, look: () => Promise<Endpoints>): Promise<FoundService> {
    let endpoints = cache.get(key);
    if (endpoints !== undefined)
      explain({ kind: 'cached', subject: endpoints.root.url, outcome: 'was found before: asked directly' });
    else {
      endpoints = await look();
      cache.set(key, endpoints);
    }
    return foundService(endpoints, () => cache.delete(key));
  }

  function foundService(endpoints: Endpoints, forget: () => void): FoundService {
    return {
      sealwright: endpoints.sealwright,
      forget,
      endpoint(name) {
        const url = endpointUrl(endpoints, name);
        requireAllowed(url, `The endpoint ${name} that ${endpoints.answer.url.host} lists`);
        explain({ kind: 'endpoint', subject: name, outcome: `is at ${url.href}` });
        return url;
      },
    };
  }

  /** `source` says in an error who wanted to go there. */
  function requireAllowed(url: URL, source: string): void {
    try {
      connection.allowed.service(url, source);
    } catch (error) {
      explain({
        kind: 'refused',
        subject: url.origin,
        outcome: 'the trust configuration does not allow it: not contacted',
      });
      throw error;
    }
  }

  async function ask({ root, source, input, serverKey }: Candidate, wait?: WaitOptions): Promise<Endpoints> {
    const url = discoveryUrl(root, input);
    requireAllowed(url, source);
    const answer = await connection.exchange.send(
      {
        method: 'GET',
        url,
        repeatable: true,
        shareKey: `discover ${url.href}`,
        user: options.user,
        challengeHeaders:
          root.version === 'v2' && input?.kind === 'service' && serverKey !== undefined
            ? { 'x-ms-rms-slc-key': serverKey, 'x-ms-rms-service-url': headerText(input.value) }
            : undefined,
      },
      wait,
    );
    explain({ kind: 'asked', subject: url.href, outcome: `answered with status ${answer.status}` });
    if (answer.status === 200) return readEndpoints(answer, root);
    const mayGuess = given !== undefined && (answer.status === 404 || (answer.status === 400 && !input));
    if (!mayGuess) throw serviceError(answer, 'discover');
    explain({ kind: 'endpoint', subject: root.url, outcome: 'has no discovery: the usual paths are taken' });
    return usualEndpoints(root, answer);
  }

  /** Asks one candidate after the other; one that is not allowed, not there or not a service is passed over. */
  async function askInTurn(candidates: AsyncIterable<Candidate>, wait?: WaitOptions): Promise<Endpoints> {
    const tried = new Set<string>();
    let first: unknown;
    for await (const candidate of candidates) {
      const address = discoveryUrl(candidate.root, candidate.input).href;
      if (tried.has(address)) continue;
      if (tried.size === mostCandidates) break;
      tried.add(address);
      try {
        return await ask(candidate, wait);
      } catch (error) {
        wait?.signal?.throwIfAborted();
        if (!mayPassOver(error)) throw error;
        explain({ kind: 'asked', subject: address, outcome: `${error.code}: the next one is asked` });
        first ??= error;
      }
    }
    throw first ?? noService();
  }

  async function* hostsOf(domain: string, wait?: WaitOptions): AsyncGenerator<ServiceRoot> {
    if (options.resolveSrv === undefined || !isDomain(domain)) return;
    const hosts = await findServiceRecord(domain, {
      resolveSrv: options.resolveSrv,
      random: options.random ?? Math.random,
      explain,
      signal: wait?.signal,
    });
    for (const host of hosts) yield serviceRoot(`https://${host}`, version);
  }

  function cloud(near: readonly string[], input: DiscoveryInput): Candidate {
    const url = cloudRoot(options.trust?.clouds, near);
    explain({ kind: 'default', subject: url, outcome: 'the cloud is asked' });
    return { root: serviceRoot(url, version), source: 'The default', input };
  }

  async function* candidatesForUser(address: string, wait?: WaitOptions): AsyncGenerator<Candidate> {
    const input = { kind: 'email', value: address } as const;
    const domain = address.slice(address.indexOf('@') + 1);
    explain({ kind: 'email', subject: address, outcome: `the service of ${domain} is looked for` });
    let found = false;
    for await (const root of hostsOf(domain, wait)) {
      found = true;
      yield { root, source: `The DNS record of ${domain}`, input };
    }
    // An organization that runs its own service does not want its mail addresses sent elsewhere when that is down.
    if (!found) yield cloud([], input);
  }

  async function* candidatesForLicense(
    { urls, serverKey }: LicenseAddresses,
    wait?: WaitOptions,
  ): AsyncGenerator<Candidate> {
    let found = false;
    let refusal: unknown;
    const allowed: { readonly url: URL; readonly text: string }[] = [];
    for (const text of urls) {
      const url = webAddress(text);
      explain({
        kind: 'license-url',
        subject: text,
        outcome: url === undefined ? 'is no web address' : `points to ${url.host}`,
      });
      if (url === undefined) continue;
      try {
        requireAllowed(url, 'The license');
        allowed.push({ url, text });
      } catch (error) {
        refusal ??= error;
      }
    }
    // Not even the name of a host that is not allowed is looked up: whoever made the license would learn of it.
    if (allowed.length === 0) throw refusal ?? withoutAddress();
    for (const { url, text } of allowed) {
      const input = { kind: 'service', value: text } as const;
      for await (const root of hostsOf(url.hostname, wait)) {
        found = true;
        yield { root, source: `The DNS record of ${url.hostname}`, input, serverKey };
      }
      explain({ kind: 'license-url', subject: url.host, outcome: "the license's own host is asked" });
      yield { root: serviceRoot(url.origin, version), source: 'The license', input, serverKey };
    }
    const [first] = allowed;
    if (found || first === undefined) return;
    const near = allowed.map(({ url }) => url.hostname);
    yield { ...cloud(near, { kind: 'service', value: first.text }), serverKey };
  }

  const askGiven = (root: ServiceRoot, input: DiscoveryInput, serverKey?: string, wait?: WaitOptions) =>
    cached(`given ${root.url} ${input?.kind} ${input?.value}`, () => {
      explain({
        kind: 'given',
        subject: root.url,
        outcome: 'was named by the application: nothing is looked up',
      });
      return ask({ root, source: 'The application', input, serverKey }, wait);
    });

  return {
    async forPublishing(wait) {
      const user = options.user === undefined ? undefined : normalizeAddress(options.user, 'user address');
      const input = user === undefined ? undefined : ({ kind: 'email', value: user } as const);
      if (given !== undefined) return askGiven(given, input, undefined, wait);
      if (user !== undefined)
        return cached(`publish ${user}`, () => askInTurn(candidatesForUser(user, wait), wait));
      const { root } = cloud([], undefined);
      const url = new URL(root.url);
      requireAllowed(url, 'The default');
      return foundService(usualEndpoints(root, { status: 0, url, requestId: '' }), () => undefined);
    },
    async forLicense(license, wait) {
      const addresses = licenseAddresses(license);
      if (given === undefined)
        return cached(`consume ${addresses.urls.join(' ')} ${addresses.serverKey}`, () =>
          askInTurn(candidatesForLicense(addresses, wait), wait),
        );
      const stated = addresses.urls.find((text) => webAddress(text) !== undefined);
      const input = stated === undefined ? undefined : ({ kind: 'service', value: stated } as const);
      return askGiven(given, input, addresses.serverKey, wait);
    },
  };
}

/** Whether another candidate may be asked after this failure: the host is not allowed, or is no such service. */
function mayPassOver(error: unknown): error is SealwrightError {
  if (!(error instanceof SealwrightError)) return false;
  const { code, details } = error;
  if (code === 'SERVICE_REFUSED') return details.reason === 'bad-request' || details.reason === 'forbidden';
  if (code === 'AUTHENTICATION_FAILED') return details.reason === 'no-challenge';
  return ['UNTRUSTED_SERVICE', 'SERVICE_UNAVAILABLE', 'TIMED_OUT', 'MALFORMED_ANSWER'].includes(code);
}

const webSchemes = ['https:', 'http:'];

function webAddress(text: string): URL | undefined {
  try {
    const url = new URL(text);
    return webSchemes.includes(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

/** As it stands in the license, if that can stand in a header. */
const headerText = (url: string): string => (/^[\x21-\x7e]+$/.test(url) ? url : new URL(url).href);

const isDomain = (host: string): boolean =>
  /[a-z]/i.test(host.slice(host.lastIndexOf('.') + 1)) && !host.includes(':');

const withoutAddress = (): SealwrightError =>
  new SealwrightError(
    'UNTRUSTED_SERVICE',
    'This file was protected by an authority without an address, so there is no service to ask. Open it with that authority, or name the service as url.',
    { reason: 'no-address' },
  );

const noService = (): SealwrightError =>
  new SealwrightError(
    'SERVICE_UNAVAILABLE',
    'No licensing service was found. Name it as url, such as https://rms.contoso.com.',
    { reason: 'not-found' },
  );
