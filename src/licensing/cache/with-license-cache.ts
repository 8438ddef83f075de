import { sha256 } from '@noble/hashes/sha2.js';
import { encodeHex } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { parseGuid } from '../../rights/index.ts';
import { isUnreachable } from '../is-unreachable.ts';
import type { LicensingService } from '../licensing-service.ts';
import { type Finding, keptLicenses } from './kept-licenses.ts';
import type { LicenseStore } from './license-store.ts';
import { storeKey } from './store-key.ts';

/**
 * When a kept license is used (spec/license-cache.md, "Modes"): whenever there is one, only while the service cannot be
 * reached, always and without asking, or never.
 */
export type LicenseCacheMode = 'prefer-cached' | 'revalidate' | 'offline-only' | 'online-only';

/** How {@link withLicenseCache} keeps licenses. */
export interface LicenseCacheOptions {
  /** Where: `memoryLicenseStore()`, or `folderLicenseStore()` of `sealwright/node`. */
  readonly store: LicenseStore;
  /** For whom the service acts, as a mail address. A kept license is never used for somebody else. */
  readonly user: string;
  /** Which service it is: its URL, or an authority's id. A kept license is never used for another one. */
  readonly serviceId: string;
  /** `prefer-cached` by default. */
  readonly mode?: LicenseCacheMode | undefined;
  readonly now?: (() => Date) | undefined;
  /** Milliseconds by which the clock may run back before kept licenses are refused. Default 5 minutes. */
  readonly clockTolerance?: number | undefined;
  /** Told when the store fails. Opening goes on without it. */
  readonly onStoreError?: ((error: unknown) => void) | undefined;
}

/** A licensing service that keeps use licenses. */
export interface CachingLicensingService extends LicensingService {
  /** Deletes the licenses kept for a content, for this user and service. Throws `INVALID_ARGUMENT` for no GUID. */
  forget(contentId: string): Promise<void>;
  /** Deletes what has ended from the store. */
  purge(): Promise<void>;
}

/**
 * Keeps the use licenses of `service`, as long as each may be kept, so that content opens again without asking. Everything
 * but opening goes to the service.
 *
 * Opening throws `ONLINE_REQUIRED` if only a kept license could serve and none may be used; `details.reason` is
 * `not-kept`, `license-ended`, `clock-ran-backwards` or `store-failed`.
 *
 * @param service whose licenses are kept
 * @param options where they are kept, for whom, and when they are used
 * @throws `INVALID_ARGUMENT` without a user or service id
 * @see spec/license-cache.md
 *
 * @example
 * ```ts
 * import { memoryLicenseStore, withLicenseCache } from 'sealwright/licensing';
 * const service = withLicenseCache(authority.as('bob@contoso.com'), {
 *   store: memoryLicenseStore(),
 *   user: 'bob@contoso.com',
 *   serviceId: authority.facts.id,
 *   mode: 'revalidate',
 * });
 * ```
 */
export function withLicenseCache(
  service: LicensingService,
  options: LicenseCacheOptions,
): CachingLicensingService {
  const { store, mode = 'prefer-cached', now = () => new Date(), clockTolerance = 5 * 60_000 } = options;
  const user = options.user.trim().toLowerCase();
  const serviceId = options.serviceId.trim();
  if (user === '' || serviceId === '')
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'Kept licenses belong to one user and one service: give both user and serviceId.',
    );
  const kept = keptLicenses(store, clockTolerance, options.onStoreError ?? (() => undefined));
  // Counts deletions: an answer that was under way while one happened may be older than it, and is not kept.
  let deletions = 0;

  const groupOf = (contentId: string): string => storeKey('content', serviceId, user, contentId);

  async function forget(contentId: string): Promise<void> {
    const id = parseGuid(contentId);
    if (id === undefined)
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        'This is not a content id: expected a GUID, as inspect of the protected file shows it.',
      );
    deletions++;
    await kept.deleteGroup(groupOf(id));
  }

  return Object.freeze({
    listTemplates: (wait) => service.listTemplates(wait),
    publish: (request, wait) => service.publish(request, wait),
    async acquireUseLicense(publishingLicense, request) {
      request?.signal?.throwIfAborted();
      const before = deletions;
      const key = storeKey('use-license', serviceId, user, encodeHex(sha256(publishingLicense)));
      let found: Finding | undefined;
      if (mode === 'prefer-cached' || mode === 'offline-only') {
        found = await kept.find(key, now());
        if (found.license !== undefined) return found.license;
        if (mode === 'offline-only') throw onlineRequired(found, found.cause);
      }
      try {
        const license = await service.acquireUseLicense(publishingLicense, request);
        const group = groupOf(parseGuid(license.contentId) ?? license.contentId);
        if (before === deletions) await kept.keep(key, group, license, now());
        if (before !== deletions) await kept.delete(key);
        return license;
      } catch (error) {
        if (error instanceof SealwrightError && error.code === 'ACCESS_DENIED') {
          deletions++;
          await kept.delete(key);
        }
        if (mode === 'online-only' || !isUnreachable(error)) throw error;
        found ??= await kept.find(key, now());
        if (found.license !== undefined) return found.license;
        // Where nothing was kept, why the service was not reached says more.
        throw found.reason === 'not-kept' ? error : onlineRequired(found, error);
      }
    },
    getClientLicensorCertificate: (wait) => service.getClientLicensorCertificate(wait),
    registerForTracking: (license, name, wait) => service.registerForTracking(license, name, wait),
    async revoke(contentId, request) {
      await service.revoke(contentId, request);
      await forget(contentId);
    },
    restore: (contentId, request) => service.restore(contentId, request),
    forget,
    purge: () => kept.purge(now()),
  } satisfies CachingLicensingService);
}

const onlineRequired = (
  { reason, explanation }: Extract<Finding, { reason: string }>,
  cause: unknown,
): SealwrightError =>
  new SealwrightError('ONLINE_REQUIRED', `${explanation} Go online and open the file again.`, {
    reason,
    cause,
  });
