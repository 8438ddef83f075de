import { sha256 } from '@noble/hashes/sha2.js';
import { encodeBase64, encodeHex, encodeUtf8, maxima, type WaitOptions, wipe } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { readPublishingLicense } from '../../license/index.ts';
import { bracedGuid, normalizeAddress } from '../../rights/index.ts';
import { allowedServices } from '../exchange/allowed-services.ts';
import { createExchange } from '../exchange/create-exchange.ts';
import type { ServiceAnswer, ServiceRequest } from '../exchange/exchange.ts';
import type { LicensingService } from '../licensing-service.ts';
import { readClientLicensor } from './client-licensor-answer.ts';
import type { EndpointName } from './discovery/endpoints.ts';
import { type FoundService, serviceFinder } from './discovery/find-service.ts';
import { keyOfLicense, requireLicenseKey, requireServiceKey, shownKey } from './key-pins.ts';
import type { EndUserLicenseRequest, RegistrationMessage, RevocationMessage } from './messages.ts';
import { readPublishedLicense } from './published-license-answer.ts';
import { longestContentName, publishingRequest } from './publishing-request.ts';
import type { RestConnection } from './rest-connection.ts';
import type { RestServiceOptions } from './rest-service-options.ts';
import { serviceError } from './service-error.ts';
import type { RestOperation } from './service-error-table.ts';
import { readTemplates } from './template-answer.ts';
import { readUseLicense } from './use-license-answer.ts';

/**
 * A licensing service that speaks the REST protocol: Azure RMS, AD RMS with its mobile extension, or a Sealwright server. Finds it, signs in with
 * `tokens`, and asks for no more than what is needed; content never goes there.
 *
 * @param options tokens are the only thing that must be given; without `url` the service is discovered
 * @returns the service; its operations throw what {@link LicensingService} says, and `UNTRUSTED_SERVICE`, `AUTHENTICATION_FAILED`,
 *   `SERVICE_REFUSED`, `SERVICE_UNAVAILABLE`, `UNSUPPORTED_BY_SERVICE`, `MALFORMED_ANSWER`, `THROTTLED`, `TIMED_OUT`, `LIMIT_EXCEEDED`, `PROXY_FAILED`
 * @throws `INVALID_ARGUMENT` for options that make no sense, `UNSUPPORTED_BY_SERVICE` for `onBehalfOf`
 * @see spec/rest.md
 *
 * @example
 * ```ts
 * import { open } from 'sealwright';
 * import { restLicensingService } from 'sealwright/licensing';
 * const service = restLicensingService({ url: 'https://rms.contoso.com', tokens: async () => 'eyJhbGciOi…' });
 * const opened = await open(bytes, { service, name: 'report.ptxt' });
 * ```
 */
export function restLicensingService(options: RestServiceOptions): LicensingService {
  const { url, trust } = options;
  const named = url === undefined ? [] : [url];
  const connection = {
    exchange: createExchange({ ...options, named }),
    allowed: allowedServices({ trust, named }),
    keys: trust?.keys,
  };
  return restLicensingServiceOver(connection, options);
}

/** {@link restLicensingService} over a connection that is there already. */
export function restLicensingServiceOver(
  connection: RestConnection,
  options: RestServiceOptions,
): LicensingService {
  refuseDelegation(options.onBehalfOf);
  const { user, languages } = options;
  const now = options.now ?? (() => new Date());
  const headers = languageHeader(languages);
  const finder = serviceFinder(connection, options);

  async function send(
    service: FoundService,
    name: EndpointName,
    operation: RestOperation,
    request: Pick<ServiceRequest, 'method' | 'body' | 'repeatable' | 'shareKey'>,
    wait: WaitOptions | undefined,
  ): Promise<ServiceAnswer> {
    const answer = await connection.exchange.send(
      { ...request, url: service.endpoint(name), headers, user },
      wait,
    );
    if (answer.status === 200) return answer;
    // The endpoint may have moved since it was found.
    if (answer.status === 404 || answer.status === 410) service.forget();
    throw serviceError(answer, operation);
  }

  async function changeRevocation(
    operation: 'revoke' | 'restore',
    contentId: string,
    options: (WaitOptions & { readonly user?: string | undefined }) | undefined,
  ): Promise<void> {
    const body: RevocationMessage = {
      ContentId: bracedGuid(contentId, 'content id'),
      ...(options?.user === undefined ? {} : { User: normalizeAddress(options.user, 'user address') }),
    };
    const service = await finder.forPublishing(options);
    const name = operation === 'revoke' ? 'sealwrightrevocations' : 'sealwrightrestorations';
    await send(service, name, operation, { method: 'POST', body, repeatable: true }, options);
  }

  return Object.freeze({
    async listTemplates(wait?: WaitOptions) {
      const service = await finder.forPublishing(wait);
      const request = { method: 'GET', repeatable: true, shareKey: `templates ${user}` } as const;
      return readTemplates(await send(service, 'templates', 'list-templates', request, wait));
    },

    async publish(request, wait) {
      const service = await finder.forPublishing(wait);
      const { host } = service.endpoint('publishinglicenses');
      const body = publishingRequest(request, { sealwright: service.sealwright, user, host });
      const sent = { method: 'POST', body, repeatable: false } as const;
      const answer = await send(service, 'publishinglicenses', 'publish', sent, wait);
      const { published, license } = readPublishedLicense(answer, body);
      try {
        await requireServiceKey(connection, keyOfLicense(license, answer.url, options.url));
      } catch (error) {
        wipe(published.contentKey);
        throw error;
      }
      return published;
    },

    async acquireUseLicense(publishingLicense, wait) {
      const license = readPublishingLicense(bounded(publishingLicense));
      const service = await finder.forLicense(license, wait);
      const url = service.endpoint('enduserlicenses');
      const shown = keyOfLicense(license, url, options.url);
      await requireLicenseKey(connection, shown);
      const name = service.sealwright ? wait?.contentName?.slice(0, longestContentName) : undefined;
      const body: EndUserLicenseRequest = {
        SerializedPublishingLicense: encodeBase64(publishingLicense),
        ...(name === undefined ? {} : { Sealwright: { ContentName: name } }),
      };
      const digest = encodeHex(sha256(encodeUtf8(`${name ?? ''}\n${body.SerializedPublishingLicense}`)));
      const shareKey = `acquire ${url.href} ${user} ${digest}`;
      const sent = { method: 'POST', body, repeatable: true, shareKey } as const;
      const answer = await send(service, 'enduserlicenses', 'acquire', sent, wait);
      const use = readUseLicense(answer, { license, now: now(), user, languages });
      try {
        // Granted, so this is the service's key.
        await requireServiceKey(connection, shown);
      } catch (error) {
        wipe(use.contentKey);
        throw error;
      }
      return use;
    },

    async getClientLicensorCertificate(wait) {
      const service = await finder.forPublishing(wait);
      const request = { method: 'POST', body: {}, repeatable: false } as const;
      const name = 'sealwrightclientlicensors';
      const answer = await send(service, name, 'client-licensor', request, wait);
      const { licensor, server } = await readClientLicensor(answer);
      try {
        // Everything published offline will be sealed to this key.
        await requireServiceKey(
          connection,
          shownKey([server.url], server.publicKey, answer.url, options.url),
        );
      } catch (error) {
        wipe(licensor.privateKey);
        throw error;
      }
      return licensor;
    },

    async registerForTracking(publishingLicense, contentName, wait) {
      const license = readPublishingLicense(bounded(publishingLicense));
      const service = await finder.forLicense(license, wait);
      const body: RegistrationMessage = {
        SerializedPublishingLicense: encodeBase64(publishingLicense),
        Name: contentName,
      };
      await send(service, 'sealwrightcontents', 'register', { method: 'POST', body, repeatable: true }, wait);
    },

    revoke: (contentId, options) => changeRevocation('revoke', contentId, options),
    restore: (contentId, options) => changeRevocation('restore', contentId, options),
  } satisfies LicensingService);
}

function bounded(license: Uint8Array): Uint8Array {
  if (license.length <= maxima.licenseBytes) return license;
  throw new SealwrightError(
    'LIMIT_EXCEEDED',
    `The publishing license has ${license.length} bytes; genuine ones have at most ${maxima.licenseBytes}. Get a fresh copy of the protected file.`,
  );
}

const languageTag = /^(?:\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)$/i;

function languageHeader(languages: readonly string[] = []): Readonly<Record<string, string>> | undefined {
  const odd = languages.find((tag) => !languageTag.test(tag));
  if (odd !== undefined)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `${JSON.stringify(odd.slice(0, 64))} is not a language: write it as en-US or de.`,
    );
  return languages.length === 0 ? undefined : { 'Accept-Language': languages.join(', ') };
}

/** No document says how a client tells the service for whom it acts, so nothing is made up (spec/rest.md, "Delegation"). */
function refuseDelegation(onBehalfOf: string | undefined): void {
  if (onBehalfOf === undefined) return;
  throw new SealwrightError(
    'UNSUPPORTED_BY_SERVICE',
    'The protocol has no documented way to act for somebody else. Leave out onBehalfOf and sign in as that person, or use a token that was issued on their behalf.',
    { reason: 'delegation' },
  );
}
