import { SealwrightError, type SealwrightErrorDetails } from '../errors.ts';

/** Words of `details.reason` that programs may compare (spec/sign-in.md, "Reasons"). */
export type SignInFailureReason =
  | 'no-account'
  | 'sign-in-expired'
  | 'sign-in-cancelled'
  | 'sign-in-timeout'
  | 'sign-in-refused'
  | 'interaction-required'
  | 'browser-not-opened'
  | 'state-mismatch'
  | 'nonce-mismatch'
  | 'code-expired'
  | 'refresh-refused'
  | 'client-refused'
  | 'scope-refused'
  | 'resource-refused'
  | 'issuer-mismatch'
  | 'id-token-audience'
  | 'id-token-expired'
  | 'id-token-refused'
  | 'other-issuer'
  | 'other-resource'
  | 'other-account'
  | 'not-a-development-issuer'
  | 'flow-not-offered'
  | 'token-refused';

/** `AUTHENTICATION_FAILED` with its reason. */
export const signInFailure = (
  reason: SignInFailureReason,
  message: string,
  details: Omit<SealwrightErrorDetails, 'reason'> & { readonly cause?: unknown } = {},
): SealwrightError => new SealwrightError('AUTHENTICATION_FAILED', message, { ...details, reason });

export const hasReason = (error: unknown, ...reasons: readonly SignInFailureReason[]): boolean =>
  error instanceof SealwrightError && (reasons as readonly unknown[]).includes(error.details.reason);
