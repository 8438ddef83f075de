import { SealwrightError, type SealwrightErrorCode } from '../errors.ts';

const advice: Readonly<Record<string, string>> = {
  'no-account': 'Nobody is signed in. Sign in first.',
  'interaction-required': 'The issuer wants to see the person. Sign in again.',
  'sign-in-cancelled': 'The sign-in was cancelled, or is not allowed for this person. Sign in again.',
  'sign-in-timeout': 'Nobody signed in in time. Sign in again.',
  'code-expired': 'The code was used before or is too old. Sign in again.',
  'refresh-refused': 'The sign-in is no longer valid at the issuer. Sign in again.',
  'client-refused':
    'The issuer does not accept this application. Check its id, its secret or certificate, and how it is registered.',
  'scope-refused': 'The issuer does not give what was asked for. Check the permissions of the application.',
  'resource-refused': 'The issuer has no such resource. Check the configured resource.',
  'state-mismatch': 'The answer belongs to another sign-in, so it was dropped. Sign in again.',
  'nonce-mismatch': 'The answer belongs to another sign-in, so it was dropped. Sign in again.',
  'no-managed-identity':
    'There is no managed identity here. Run on a machine of the cloud, and assign an identity to it.',
  'sign-in-refused': 'The issuer refused.',
};

/** What MSAL calls its failures, and what we do. */
const reasons: Readonly<Record<string, string>> = {
  no_account_in_silent_request: 'no-account',
  no_account_found: 'no-account',
  no_tokens_found: 'no-account',
  refresh_token_expired: 'refresh-refused',
  interaction_required: 'interaction-required',
  consent_required: 'interaction-required',
  login_required: 'interaction-required',
  bad_token: 'refresh-refused',
  user_canceled: 'sign-in-cancelled',
  access_denied: 'sign-in-cancelled',
  authorization_declined: 'sign-in-cancelled',
  user_timeout_reached: 'sign-in-timeout',
  device_code_expired: 'code-expired',
  expired_token: 'code-expired',
  invalid_client: 'client-refused',
  unauthorized_client: 'client-refused',
  invalid_client_credential: 'client-refused',
  invalid_scope: 'scope-refused',
  invalid_target: 'resource-refused',
  invalid_resource: 'resource-refused',
  state_mismatch: 'state-mismatch',
  invalid_state: 'state-mismatch',
  nonce_mismatch: 'nonce-mismatch',
};

/** Of the network, not of who signs in. */
const elsewhere: Readonly<Record<string, SealwrightErrorCode>> = {
  network_error: 'SERVICE_UNAVAILABLE',
  no_network_connectivity: 'SERVICE_UNAVAILABLE',
  network_unavailable: 'SERVICE_UNAVAILABLE',
  temporarily_unavailable: 'SERVICE_UNAVAILABLE',
  server_error: 'SERVICE_UNAVAILABLE',
  endpoints_resolution_error: 'SERVICE_UNAVAILABLE',
  openid_config_error: 'SERVICE_UNAVAILABLE',
};

/** The words by which a program tells MSAL's errors apart; its classes may be those of another copy of MSAL. */
export function msalCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('errorCode' in error)) return undefined;
  return typeof error.errorCode === 'string' ? error.errorCode : undefined;
}

/**
 * What MSAL throws, as an error of ours. The original is not kept as cause, and of its text only the issuer's error number: it may say
 * whose account it is.
 */
export function msalFailure(error: unknown, stage: 'silent' | 'code' | 'application' | 'managed'): unknown {
  if (error instanceof SealwrightError) return error;
  const code = msalCodeOf(error);
  if (code === undefined) return error;
  const message = (error as Error).message;
  const number = /\bAADSTS\d{4,9}\b/.exec(message)?.[0];
  const said = ` (${[code, number].filter((each) => each !== undefined).join(', ')})`;
  const other = elsewhere[code];
  if (other !== undefined && stage !== 'managed') {
    return new SealwrightError(other, `The issuer cannot be reached to sign in${said}: try again later.`, {
      reason: code,
    });
  }
  const reason =
    stage === 'managed'
      ? 'no-managed-identity'
      : code === 'invalid_grant'
        ? stage === 'silent'
          ? 'refresh-refused'
          : 'code-expired'
        : (reasons[code] ?? 'sign-in-refused');
  return new SealwrightError(
    'AUTHENTICATION_FAILED',
    `Signing in with MSAL failed${said}. ${advice[reason]}`,
    { reason },
  );
}
