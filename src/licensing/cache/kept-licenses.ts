import { wipe } from '../../bytes/index.ts';
import type { UseLicense } from '../licensing-service.ts';
import { readKeptLicense, writeKeptLicense } from './kept-license.ts';
import type { LicenseStore } from './license-store.ts';

/** What is kept for a license: one that may be used now, or why there is none. */
export type Finding =
  | { readonly license: UseLicense; readonly reason?: undefined }
  | {
      readonly license?: undefined;
      readonly reason: 'not-kept' | 'license-ended' | 'clock-ran-backwards' | 'store-failed';
      /** In words, for a person. */
      readonly explanation: string;
      readonly cause?: unknown;
    };

/** Looks up and keeps use licenses by the rules of spec/license-cache.md. A store that fails never fails a request. */
export interface KeptLicenses {
  /** The license kept under `key`, if it may be used at `now`. What may never be used again is deleted. */
  find(key: string, now: Date): Promise<Finding>;
  /** Keeps a license that was just granted, or deletes what is kept if this one must not be. */
  keep(key: string, group: string, license: UseLicense, now: Date): Promise<void>;
  delete(key: string): Promise<void>;
  deleteGroup(group: string): Promise<void>;
  purge(now: Date): Promise<void>;
}

/** Entries after which the store is asked to throw away what has ended. */
const purgeInterval = 100;

export function keptLicenses(
  store: LicenseStore,
  clockTolerance: number,
  onStoreError: (error: unknown) => void,
): KeptLicenses {
  let untilPurge = 1;

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      onStoreError(error);
    }
  };

  async function find(key: string, now: Date): Promise<Finding> {
    const latest = await store.latestTime();
    if (latest !== undefined && isBefore(now, latest)) return clockRanBackwards(now, latest);
    await store.noteTime(now);
    const bytes = await store.get(key);
    if (bytes === undefined) return notKept;
    const kept = readKeptLicense(key, bytes);
    wipe(bytes);
    if (kept === undefined) {
      await store.delete(key);
      return notKept;
    }
    const { license, keptAt } = kept;
    const end = endOf(license);
    if (isBefore(now, keptAt)) {
      wipe(license.contentKey);
      return clockRanBackwards(now, keptAt);
    }
    if (license.onlineOnly || (end !== undefined && end <= now)) {
      wipe(license.contentKey);
      await store.delete(key);
      return ended(license, end);
    }
    return { license };
  }

  const isBefore = (now: Date, other: Date): boolean => other.getTime() - now.getTime() > clockTolerance;

  return {
    async find(key, now) {
      try {
        return await find(key, now);
      } catch (cause) {
        onStoreError(cause);
        const explanation = 'The store of kept licenses cannot be used.';
        return { reason: 'store-failed', explanation, cause };
      }
    },
    keep: (key, group, license, now) =>
      attempt(async () => {
        await store.noteTime(now);
        const expires = endOf(license);
        const bytes =
          license.onlineOnly || (expires !== undefined && expires <= now)
            ? undefined
            : writeKeptLicense(key, { license, keptAt: now });
        if (bytes === undefined) return store.delete(key);
        try {
          await store.set(key, bytes, { expires, group });
        } finally {
          wipe(bytes);
        }
        if (--untilPurge > 0) return;
        untilPurge = purgeInterval;
        await store.purge(now);
      }),
    delete: (key) => attempt(() => store.delete(key)),
    deleteGroup: (group) => attempt(() => store.deleteGroup(group)),
    purge: (now) => attempt(() => store.purge(now)),
  };
}

/** From when on a kept license is of no use: the earlier end of license and content. */
function endOf({ licenseValidUntil, contentValidUntil }: UseLicense): Date | undefined {
  if (licenseValidUntil === undefined) return contentValidUntil;
  if (contentValidUntil === undefined || licenseValidUntil <= contentValidUntil) return licenseValidUntil;
  return contentValidUntil;
}

const notKept: Finding = { reason: 'not-kept', explanation: 'No license for this content is kept.' };

const ended = (license: UseLicense, end: Date | undefined): Finding => ({
  reason: 'license-ended',
  explanation: `The license kept for this content ended${end === undefined ? '' : ` at ${end.toISOString()}${end === license.contentValidUntil ? ', with the content' : ''}`}.`,
});

const clockRanBackwards = (now: Date, latest: Date): Finding => ({
  reason: 'clock-ran-backwards',
  explanation: `The clock of this machine stands at ${now.toISOString()}, but it was ${latest.toISOString()} here before, so kept licenses are not used. Set the clock right or, if it was wrong before, clear the kept licenses.`,
});
