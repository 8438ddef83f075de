import type { Policy } from './policy.ts';
import type { TemplateState } from './template.ts';

/** Who asks. In-process, the caller asserts this; a server derives it from a verified token. */
export interface Identity {
  /** Primary e-mail address. */
  readonly email: string;
  /** Further addresses of the same person. */
  readonly aliases?: readonly string[] | undefined;
  /** Addresses of the groups the person is a member of. */
  readonly groups?: readonly string[] | undefined;
}

/** Why access was refused. */
export type RefusalRule =
  | 'revoked'
  | 'revoked-for-user'
  | 'template-deleted'
  | 'not-yet-valid'
  | 'expired'
  | 'no-grant'
  | 'no-view-right';

/** Everything the access decision looks at. The clock is an argument. */
export interface AccessQuestion {
  readonly who: Identity;
  readonly now: Date;
  readonly owner: string;
  readonly issuer: string;
  /** The policy in force: the template's current one, if the content was protected with a template. */
  readonly policy: Pick<Policy, 'grants' | 'validFrom' | 'validUntil'>;
  /** State of the template the content was protected with, if any. */
  readonly template?: TemplateState | 'deleted' | undefined;
  readonly revoked: boolean;
  /** Users from whom this content was withdrawn. */
  readonly revokedUsers: readonly string[];
}

/** The answer: rights, or the rule that refused. */
export type AccessDecision =
  | {
      readonly granted: true;
      readonly rights: readonly string[];
      /** Owner and issuer are exempt from expiry and offline limits. */
      readonly exempt: boolean;
    }
  | { readonly granted: false; readonly rule: RefusalRule };
