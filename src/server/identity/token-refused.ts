import { SealwrightError } from '../../errors.ts';

/** Every way in which a token can fall short (spec/server.md, "Identity"). */
export const tokenReasons = [
  'token-too-large',
  'token-malformed',
  'token-unsigned',
  'token-algorithm',
  'token-issuer',
  'token-audience',
  'token-expired',
  'token-not-yet-valid',
  'token-key-unknown',
  'token-key-too-small',
  'token-signature',
  'token-bound',
  'claim-missing',
  'email-missing',
  'email-unverified',
  'email-domain',
  'not-listed',
] as const;

/** One of {@link tokenReasons}. */
export type TokenReason = (typeof tokenReasons)[number];

/** The refusal of a token. The message goes to whoever sent it, so it repeats nothing of the token. */
export const tokenRefused = (reason: TokenReason, message: string, cause?: unknown): SealwrightError =>
  new SealwrightError('AUTHENTICATION_FAILED', message, { reason, ...(cause !== undefined && { cause }) });

/** What is wrong with the issuer rather than with the token: the caller may try again. */
export const issuerFailed = (
  reason: 'issuer-unreachable' | 'issuer-answer',
  url: URL,
  what: string,
  cause?: unknown,
): SealwrightError =>
  new SealwrightError(
    'SERVICE_UNAVAILABLE',
    `The issuer's ${what} (${url.host}). Sign-in cannot be checked until that works: try again later, or tell who runs the service.`,
    { reason, host: url.host, ...(cause !== undefined && { cause }) },
  );
