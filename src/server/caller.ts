import type { Identity } from '../rights/index.ts';

/** What an administrator may do (spec/server.md, "Administrators"). */
export const administratorRoles = ['owner', 'key-officer', 'template-administrator', 'auditor'] as const;

/** One of {@link administratorRoles}. */
export type AdministratorRole = (typeof administratorRoles)[number];

/** Who sent a request, as a verified token proves. */
export interface Caller {
  /** Mail address, further addresses and groups. */
  readonly identity: Identity;
  /** Which issuer vouches. */
  readonly issuer: string;
  /** The issuer's own name for the person or application. */
  readonly subject: string;
  /** Whether the person belongs to the organization itself; partners' people may only open. */
  readonly home: boolean;
  readonly roles: ReadonlySet<AdministratorRole>;
}

/**
 * Finds out whose token it is. Throws `AUTHENTICATION_FAILED` with `details.reason`; the message is fit for the caller.
 */
export type VerifyToken = (token: string) => Promise<Caller>;
