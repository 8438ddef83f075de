import type { Grant, GrantInput } from './grant.ts';

/** Name and description of a policy or template in one language. */
export interface LocalizedName {
  /** Windows locale id, decimal: 1033 is US English. */
  readonly lcid: number;
  readonly name: string;
  readonly description: string;
}

/** What a caller writes to make a {@link Policy}. */
export interface PolicyInput {
  /** Who gets which rights: at least one grant, or none for "only me". */
  readonly grants: readonly GrantInput[];
  /** Nobody but owner and issuer opens before this time. Kept to the minute, rounded up. */
  readonly validFrom?: Date | undefined;
  /** Nobody but owner and issuer opens at or after this time. Kept to the minute, rounded down. */
  readonly validUntil?: Date | undefined;
  /** Days a use license may be kept: -1 unlimited (the default), 0 never, else 1 to 9999. */
  readonly offlineDays?: number | undefined;
  /** Mail address or URL of whom to ask for access. */
  readonly referrer?: string | undefined;
  readonly names?: readonly LocalizedName[] | undefined;
  /** Readable by anyone, covered by the license's signature. */
  readonly signedApplicationData?: Readonly<Record<string, string>> | undefined;
  /** Travels inside the encrypted rights; only those who may open read it. */
  readonly encryptedApplicationData?: Readonly<Record<string, string>> | undefined;
}

/** Who may do what until when; checked, normalised and frozen by `definePolicy`. */
export interface Policy {
  readonly grants: readonly Grant[];
  readonly validFrom: Date | undefined;
  readonly validUntil: Date | undefined;
  readonly offlineDays: number;
  readonly referrer: string | undefined;
  readonly names: readonly LocalizedName[];
  readonly signedApplicationData: Readonly<Record<string, string>>;
  readonly encryptedApplicationData: Readonly<Record<string, string>>;
}
