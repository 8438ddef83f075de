import { createHash } from 'node:crypto';
import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client';
import { SealwrightError } from '../errors.ts';
import type { Account } from './open-id-options.ts';
import type { Settings } from './settings.ts';
import type { TokenNeed } from './token-need.ts';

/** An access token and what it was asked for. Times in milliseconds since 1970. */
export interface KeptToken {
  readonly accessToken: string;
  readonly resource: string | undefined;
  readonly scopes: readonly string[];
  readonly claims: string | undefined;
  readonly obtainedAt: number;
  readonly expiresAt: number | undefined;
}

export type AccountFacts = Pick<Account, 'subject' | 'email' | 'userName' | 'name'>;

/** A sign-in: who, the token that renews it, and the access tokens there are. */
export interface SignedIn {
  readonly account: AccountFacts;
  readonly refreshToken: string | undefined;
  /** Newest first. */
  readonly tokens: readonly KeptToken[];
}

/** Tokens for that many different audiences and scopes are kept. */
const mostTokens = 16;
const longestToken = 64 * 1024;
/** How long a token of unknown life is taken to live. */
const unknownLife = 60 * 60_000;

export type Answer = TokenEndpointResponse & TokenEndpointResponseHelpers;

/** Puts what the issuer answered in front of what there was. */
export function withAnswer(
  before: SignedIn | undefined,
  answer: Answer,
  need: TokenNeed,
  settings: Settings,
): SignedIn {
  const { access_token: accessToken } = answer;
  if (answer.token_type !== 'bearer' || !isHeaderFit(accessToken)) {
    throw new SealwrightError(
      'MALFORMED_ANSWER',
      `${new URL(settings.issuer).host} issued something other than a bearer token: check how the client is registered.`,
      { field: answer.token_type === 'bearer' ? 'access_token' : 'token_type' },
    );
  }
  const now = settings.now().getTime();
  const seconds = answer.expires_in;
  const token: KeptToken = {
    accessToken,
    resource: need.resource,
    scopes: need.scopes,
    claims: need.claims === undefined ? undefined : digest(need.claims),
    obtainedAt: now,
    expiresAt: seconds === undefined ? undefined : now + seconds * 1000,
  };
  const others = (before?.tokens ?? []).filter(
    (each) => !(each.resource === token.resource && each.scopes.join(' ') === token.scopes.join(' ')),
  );
  return {
    account: accountFacts(answer) ?? before?.account ?? applicationFacts(settings),
    refreshToken: answer.refresh_token ?? before?.refreshToken,
    tokens: [token, ...others].slice(0, mostTokens),
  };
}

/**
 * Whether a token was issued for what is needed. Where no resource was named, only its scopes say for whom: more of them than needed
 * may be those of another service.
 */
export const isFor = ({ resource, scopes }: KeptToken, need: TokenNeed): boolean =>
  resource === need.resource &&
  need.scopes.every((scope) => scopes.includes(scope)) &&
  (resource !== undefined || scopes.length === need.scopes.length);

/** The token that can answer `need` now. */
export function usableToken(
  signedIn: SignedIn | undefined,
  need: TokenNeed,
  { now, skew }: Settings,
  isRefused: (token: string) => boolean,
): string | undefined {
  const time = now().getTime();
  const claims = need.claims === undefined ? undefined : digest(need.claims);
  return signedIn?.tokens.find((token) => {
    const end = token.expiresAt ?? token.obtainedAt + unknownLife;
    const margin = Math.min(skew, (end - token.obtainedAt) / 2);
    return (
      isFor(token, need) &&
      (claims === undefined || claims === token.claims) &&
      time < end - margin &&
      // A clock that ran back says nothing about how old a token is.
      time >= token.obtainedAt - skew &&
      !isRefused(token.accessToken)
    );
  })?.accessToken;
}

/** Whether the token that was refused carried the claims that are asked for now: renewing it again gives nothing new. */
export const carriedClaims = (signedIn: SignedIn, need: TokenNeed, refused: string | undefined): boolean =>
  need.claims !== undefined &&
  signedIn.tokens.some((each) => each.accessToken === refused && each.claims === digest(need.claims ?? ''));

export const accountOf = ({ account, tokens, refreshToken }: SignedIn, { issuer }: Settings): Account => {
  const expiresAt = tokens[0]?.expiresAt;
  return Object.freeze({
    issuer,
    ...account,
    expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
    renewable: refreshToken !== undefined,
  });
};

function accountFacts(answer: Answer): AccountFacts | undefined {
  const claims = answer.claims();
  if (claims === undefined) return undefined;
  const text = (name: string) => {
    const value = claims[name];
    return typeof value === 'string' ? value.slice(0, 320) : undefined;
  };
  return {
    subject: claims.sub,
    email: text('email'),
    userName: text('preferred_username') ?? text('upn'),
    name: text('name'),
  };
}

const applicationFacts = ({ clientId }: Settings): AccountFacts => ({
  subject: clientId,
  email: undefined,
  userName: undefined,
  name: undefined,
});

/** A token goes into a header: nothing else may come with it. */
const isHeaderFit = (token: string): boolean =>
  token.length <= longestToken && /^[A-Za-z0-9._~+/-]+=*$/.test(token);

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Text for a store: it belongs to one client at one issuer, and nobody else shall use it. */
export const writeSignedIn = (signedIn: SignedIn, { issuer, clientId }: Settings): string =>
  JSON.stringify({ version: 1, issuer, clientId, ...signedIn });

/** Reads a store's text; what is not a sign-in of this client at this issuer counts as none. */
export function readSignedIn(text: string | undefined, settings: Settings): SignedIn | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.version !== 1) return undefined;
  if (value.issuer !== settings.issuer || value.clientId !== settings.clientId) return undefined;
  const { account, refreshToken, tokens } = value;
  if (!isRecord(account) || typeof account.subject !== 'string' || !Array.isArray(tokens)) return undefined;
  return {
    account: {
      subject: account.subject,
      email: textOf(account.email),
      userName: textOf(account.userName),
      name: textOf(account.name),
    },
    refreshToken: textOf(refreshToken),
    tokens: tokens.slice(0, mostTokens).flatMap((token) => readToken(token) ?? []),
  };
}

function readToken(value: unknown): KeptToken | undefined {
  if (!isRecord(value)) return undefined;
  const { accessToken, resource, scopes, claims, obtainedAt, expiresAt } = value;
  if (typeof accessToken !== 'string' || !isHeaderFit(accessToken)) return undefined;
  if (typeof obtainedAt !== 'number' || !Array.isArray(scopes)) return undefined;
  return {
    accessToken,
    resource: textOf(resource),
    scopes: scopes.filter((scope) => typeof scope === 'string'),
    claims: textOf(claims),
    obtainedAt,
    expiresAt: typeof expiresAt === 'number' ? expiresAt : undefined,
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
