import type { WaitOptions } from '../bytes/index.ts';

/** What a service asks for before it serves: a token, from whom, for what (spec/rest.md, "Sign-in"). */
export interface TokenChallenge {
  /** Where the token is issued, as the service named it. The trust configuration has allowed it. */
  readonly authority: string;
  /** The audience the token is for. */
  readonly resource: string | undefined;
  readonly scope: string | undefined;
  /** Claims the token must carry (conditional access), as JSON text. */
  readonly claims: string | undefined;
  /** Origin of the service that will see the token. */
  readonly service: string;
  /** Whose token, where the caller named somebody. */
  readonly user: string | undefined;
  /** A token for the same challenge that the service has just refused: it must not be given again. */
  readonly refused: string | undefined;
}

/**
 * Gives the access token that answers a challenge. Called for every request, so it keeps a token as long as it is
 * good. Throws `AUTHENTICATION_FAILED` if there is none to be had.
 */
export type TokenProvider = (challenge: TokenChallenge, options?: WaitOptions) => Promise<string>;

/**
 * A token somebody else obtained, for as long as the service takes it.
 *
 * @example
 * ```ts
 * import { staticToken } from 'sealwright/licensing';
 * const tokens = staticToken('eyJhbGciOi…');
 * ```
 */
export const staticToken =
  (token: string): TokenProvider =>
  async () =>
    token;
