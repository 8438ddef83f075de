/** What bounds the time for which a use license may be kept. */
export interface UseLicenseTerms {
  readonly now: Date;
  /** Every limit that applies (template, policy, authority), in days: -1 unlimited, 0 never keep. */
  readonly offlineDays: readonly number[];
  /** When the content itself expires, if it does. */
  readonly contentValidUntil?: Date | undefined;
  /** Owner and issuer: no limit applies to them. */
  readonly exempt?: boolean | undefined;
}

/** For how long a use license may be used without asking again. */
export interface UseLicenseValidity {
  /** Whether the license must not be kept at all. */
  readonly onlineOnly: boolean;
  /** End of the license; `undefined` is unlimited. An online-only license ends the moment it is issued. */
  readonly licenseValidUntil: Date | undefined;
}

const day = 24 * 60 * 60 * 1000;

/** The strictest of several offline limits in days; -1 (unlimited) when none limits. */
export function strictestOfflineDays(limits: readonly number[]): number {
  const limiting = limits.filter((days) => days >= 0);
  return limiting.length === 0 ? -1 : Math.min(...limiting);
}

/**
 * How long a use license may be kept: the strictest offline limit wins, and no license outlives the content
 * (spec/rights.md, "Offline use").
 */
export function useLicenseValidity(terms: UseLicenseTerms): UseLicenseValidity {
  if (terms.exempt === true) return { onlineOnly: false, licenseValidUntil: undefined };
  const days = strictestOfflineDays(terms.offlineDays);
  const ends: number[] = [];
  if (days >= 0) ends.push(terms.now.getTime() + days * day);
  if (terms.contentValidUntil !== undefined) ends.push(terms.contentValidUntil.getTime());
  return {
    onlineOnly: days === 0,
    licenseValidUntil: ends.length === 0 ? undefined : new Date(Math.min(...ends)),
  };
}
