import { type WaitOptions, wipe } from '../../bytes/index.ts';
import { cipherMode } from '../../cipher/index.ts';
import { SealwrightError } from '../../errors.ts';
import {
  issuePublishingLicense,
  issueTemplateReference,
  type LicensedTemplate,
  type OfflinePublisher,
} from '../../license/index.ts';
import {
  bracedGuid,
  normalizeAddress,
  normalizeGuid,
  type RandomBytes,
  randomGuid,
  systemRandomBytes,
} from '../../rights/index.ts';
import { isUnreachable } from '../is-unreachable.ts';
import type { LicensingService, PublishedLicense, PublishRequest } from '../licensing-service.ts';
import { type KeptTemplate, keptTemplates } from './kept-templates.ts';
import { licensor } from './licensor.ts';
import { type OfflineStore, offlineShelf } from './offline-shelf.ts';

const day = 24 * 60 * 60_000;

/** How {@link withOfflinePublishing} works; everything has a default. */
export interface OfflinePublishingOptions {
  /** Where certificate and list of templates outlive this object. By default they do not. */
  readonly keep?: OfflineStore | undefined;
  /** Cipher mode where the request names none. `SEALWRIGHT.GCM64K` by default. */
  readonly cipherMode?: string | undefined;
  /** Milliseconds before its end from which the certificate is renewed. Default 30 days. */
  readonly renewBefore?: number | undefined;
  /** Milliseconds after which the service is asked for its templates again. Default 24 hours. */
  readonly templatesKeptFor?: number | undefined;
  readonly now?: (() => Date) | undefined;
  /** For content keys, content ids and sealing. */
  readonly randomBytes?: RandomBytes | undefined;
  /** Told when the store in `keep` fails. Publishing goes on without it. */
  readonly onStoreError?: ((error: unknown) => void) | undefined;
}

/**
 * Publishes in this process, with a client licensor certificate of `service`: it is asked once for the certificate and for
 * its templates, and then no more. Who opens asks the service as always, which applies its rules and templates as
 * they are then. Everything but publishing goes to the service, and so does publishing if it has no certificate to give.
 *
 * The service learns of a content when its license is first opened or registered: register it to revoke it before.
 *
 * @param service gives the certificate, and licenses to those who open
 * @param options where the certificate is kept, and for tests clock and randomness
 * @see spec/licenses.md, "Offline publishing"
 *
 * @example
 * ```ts
 * import { withOfflinePublishing } from 'sealwright/licensing';
 * const service = withOfflinePublishing(authority.as('alice@contoso.com'));
 * for (const text of texts) await protect(text, { service, policy: { grants: [{ to: 'contoso.com', rights: 'Viewer' }] } });
 * ```
 */
export function withOfflinePublishing(
  service: LicensingService,
  options: OfflinePublishingOptions = {},
): LicensingService {
  const { keep, now = () => new Date(), randomBytes = systemRandomBytes } = options;
  const onStoreError = options.onStoreError ?? (() => undefined);
  const templates = keptTemplates(
    service,
    offlineShelf('templates', keep, onStoreError),
    now,
    options.templatesKeptFor ?? day,
  );
  const publisherInForce = licensor(service, {
    shelf: offlineShelf('client-licensor', keep, onStoreError),
    now,
    renewBefore: options.renewBefore ?? 30 * day,
    // Whoever is offline later has them then; who is not needs no failure now.
    onObtained: () => templates.refresh().catch(() => undefined),
  });

  async function publish(request: PublishRequest, wait?: WaitOptions): Promise<PublishedLicense> {
    const publisher = await publisherInForce(wait);
    if (publisher === undefined) return service.publish(request, wait);
    if (request.templateId === undefined) return issue(publisher, request, undefined);
    const template = await templates.find(normalizeGuid(request.templateId, 'template id'), wait);
    wait?.signal?.throwIfAborted();
    return template === undefined ? publishUnlisted(request, wait) : issue(publisher, request, template);
  }

  /** The service says what is the matter with a template that it did not list: new, archived, or for others. */
  async function publishUnlisted(
    request: PublishRequest,
    wait: WaitOptions | undefined,
  ): Promise<PublishedLicense> {
    try {
      const published = await service.publish(request, wait);
      await templates.forget();
      return published;
    } catch (cause) {
      if (!isUnreachable(cause)) throw cause;
      throw new SealwrightError(
        'TEMPLATE_NOT_FOUND',
        `The template ${request.templateId} is not among those the service offered when it was last reached. Choose another one, or go online.`,
        { cause },
      );
    }
  }

  async function issue(
    { server, signer }: OfflinePublisher,
    request: PublishRequest,
    template: KeptTemplate | undefined,
  ): Promise<PublishedLicense> {
    const issuedAt = now();
    const issuer = normalizeAddress(signer.account.email, 'user address');
    const owner = request.owner === undefined ? issuer : normalizeAddress(request.owner, 'owner');
    const mode = cipherMode(request.cipherMode ?? options.cipherMode ?? 'SEALWRIGHT.GCM64K').name;
    const contentId = randomGuid(randomBytes);
    const rights =
      request.policy === undefined
        ? { template: await licensed(signer, template as KeptTemplate, issuedAt) }
        : { policy: request.policy };
    const contentKey = randomBytes(32);
    try {
      const publishingLicense = await issuePublishingLicense({
        issuedAt,
        contentId,
        owner,
        rights,
        contentKey,
        cipherMode: mode,
        signedApplicationData: { ...request.policy?.signedApplicationData, ...request.signedApplicationData },
        server,
        signer,
        randomBytes,
      });
      return { publishingLicense, contentKey, cipherMode: mode, contentId: bracedGuid(contentId), owner };
    } catch (error) {
      wipe(contentKey);
      throw error;
    }
  }

  return Object.freeze({
    listTemplates: (wait) => service.listTemplates(wait),
    publish,
    acquireUseLicense: (license, request) => service.acquireUseLicense(license, request),
    getClientLicensorCertificate: (wait) => service.getClientLicensorCertificate(wait),
    registerForTracking: (license, name, wait) => service.registerForTracking(license, name, wait),
    revoke: (contentId, request) => service.revoke(contentId, request),
    restore: (contentId, request) => service.restore(contentId, request),
  } satisfies LicensingService);
}

/** What applies to the content is the template as the service has it: the license names it and nothing more. */
const licensed = async (
  signer: OfflinePublisher['signer'],
  template: KeptTemplate,
  issuedAt: Date,
): Promise<LicensedTemplate> => ({
  templateId: template.id,
  updatedAt: undefined,
  names: template.names,
  document: await issueTemplateReference(signer, template, issuedAt),
  referrer: undefined,
  validUntil: undefined,
});
