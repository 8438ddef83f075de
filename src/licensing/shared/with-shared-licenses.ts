import { wipe } from '../../bytes/index.ts';
import { cipherMode } from '../../cipher/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { LicensingService, PublishedLicense, PublishRequest } from '../licensing-service.ts';

/** How {@link withSharedLicenses} works. */
export interface SharedLicensesOptions {
  /**
   * Milliseconds after which a license is replaced by a new one. Default one hour: a policy counts days from when its license was
   * issued, and what is revoked together should be of one time.
   */
  readonly sharedFor?: number | undefined;
  readonly now?: (() => Date) | undefined;
}

/** A licensing service that gives the same license for the same request. */
export interface SharedLicensingService extends LicensingService {
  /** Wipes the keys that are kept. Later requests get new licenses. */
  forget(): void;
}

/** Licenses kept at once; a request that is one too many puts out the oldest. */
const mostKept = 1_000;
const hour = 60 * 60_000;

interface Kept {
  readonly published: Promise<PublishedLicense>;
  readonly until: number;
}

/**
 * Publishes once for all contents with the same policy or template, owner and cipher mode: they share one publishing license, one
 * content id and one content key, so that the service is asked and signs once. They are revoked together, and the service's log
 * knows them as one content. Everything but publishing goes to the service.
 *
 * Contents may share a key only in a cipher mode that derives another one from it for each content, by a salt that is stored
 * with the content (`SEALWRIGHT.GCM64K`). Microsoft's modes have none: two contents would show where they are equal.
 *
 * @param service publishes
 * @param options how long a license is shared, and for tests the clock
 * @returns the service; its `publish` throws `INVALID_ARGUMENT` if the cipher mode is none that allows it
 * @see spec/bulk.md, "Shared licenses"
 *
 * @example
 * ```ts
 * import { withSharedLicenses } from 'sealwright/licensing';
 * const service = withSharedLicenses(authority.as('alice@contoso.com'));
 * for (const text of texts) await protect(text, { service, policy: { grants: [{ to: 'contoso.com', rights: 'Viewer' }] } });
 * service.forget();
 * ```
 */
export function withSharedLicenses(
  service: LicensingService,
  options: SharedLicensesOptions = {},
): SharedLicensingService {
  const { sharedFor = hour, now = () => new Date() } = options;
  const kept = new Map<string, Kept>();

  function drop(key: string, { published }: Kept): void {
    kept.delete(key);
    published.then(
      ({ contentKey }) => wipe(contentKey),
      () => undefined,
    );
  }

  /** One that is under way serves everybody who asks meanwhile, so it is nobody's to abort. */
  function shared(request: PublishRequest): Promise<PublishedLicense> {
    const { contentName: _, ...common } = request;
    const key = JSON.stringify(sorted(common));
    const time = now().getTime();
    const known = kept.get(key);
    if (known !== undefined && time < known.until && time >= known.until - sharedFor) return known.published;
    if (known !== undefined) drop(key, known);
    const [oldest] = kept;
    if (kept.size >= mostKept && oldest !== undefined) drop(...oldest);
    const published = service.publish(common as PublishRequest).then(checked);
    const entry = { published, until: time + sharedFor };
    kept.set(key, entry);
    published.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    return published;
  }

  return Object.freeze({
    async publish(request, wait) {
      wait?.signal?.throwIfAborted();
      if (request.cipherMode !== undefined) assertShareable(request.cipherMode);
      const published = await shared(request);
      const copy = { ...published, contentKey: published.contentKey.slice() };
      if (wait?.signal?.aborted !== true) return copy;
      wipe(copy.contentKey);
      throw wait.signal.reason;
    },
    listTemplates: (wait) => service.listTemplates(wait),
    acquireUseLicense: (license, request) => service.acquireUseLicense(license, request),
    getClientLicensorCertificate: (wait) => service.getClientLicensorCertificate(wait),
    registerForTracking: (license, name, wait) => service.registerForTracking(license, name, wait),
    revoke: (contentId, request) => service.revoke(contentId, request),
    restore: (contentId, request) => service.restore(contentId, request),
    forget() {
      for (const [key, entry] of [...kept]) drop(key, entry);
    },
  } satisfies SharedLicensingService);
}

function checked(published: PublishedLicense): PublishedLicense {
  try {
    assertShareable(published.cipherMode);
    return published;
  } catch (error) {
    wipe(published.contentKey);
    throw error;
  }
}

function assertShareable(name: string): void {
  const { authenticated, preambleLength } = cipherMode(name);
  if (authenticated && preambleLength > 0) return;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `Files cannot share a license in the cipher mode ${name}, which encrypts all of them with the same key. Use SEALWRIGHT.GCM64K, or one license per file.`,
  );
}

/** Fields in the order of their names, so that equal requests are the same text. Lists keep their order. */
function sorted(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, sorted(field)]),
  );
}
