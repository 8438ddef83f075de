import { AuthorizationResponseError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { SealwrightError } from '../errors.ts';
import { type SignInFailureReason, signInFailure } from './failure.ts';

/** What was being done when the issuer refused: the same word of the protocol means different things. */
export type SignInStage =
  | 'discovery'
  | 'authorization'
  | 'code'
  | 'device'
  | 'refresh'
  | 'client-credentials';

const advice: Readonly<Partial<Record<SignInFailureReason, string>>> = {
  'sign-in-cancelled': 'The sign-in was cancelled, or is not allowed for this person. Sign in again.',
  'interaction-required': 'The issuer wants to see the person. Sign in again.',
  'scope-refused': 'The issuer does not give what was asked for. Check the configured scope.',
  'resource-refused': 'The issuer has no such resource for this client. Check the configured resource.',
  'client-refused':
    'The issuer does not accept this client for this way of signing in. Check the client id, its secret or key, and how it is registered.',
  'code-expired': 'The code was used before or is too old. Sign in again.',
  'refresh-refused': 'The sign-in is no longer valid at the issuer. Sign in again.',
  'nonce-mismatch': 'The answer belongs to another sign-in, so it was dropped. Sign in again.',
  'issuer-mismatch':
    'The answer names another issuer than the configured one. Check that the configured issuer is spelled exactly as the issuer spells it.',
  'id-token-audience': 'The identity token is meant for another client. Check the client id.',
  'id-token-expired': 'The identity token is not valid now. Check the clock of this machine.',
  'id-token-refused': 'The identity token cannot be believed. Ask who runs the issuer.',
  'sign-in-refused': 'The issuer refused.',
};

const protocolWords: Readonly<Record<string, SignInFailureReason>> = {
  access_denied: 'sign-in-cancelled',
  login_required: 'interaction-required',
  interaction_required: 'interaction-required',
  consent_required: 'interaction-required',
  account_selection_required: 'interaction-required',
  invalid_scope: 'scope-refused',
  invalid_target: 'resource-refused',
  invalid_client: 'client-refused',
  unauthorized_client: 'client-refused',
  expired_token: 'code-expired',
};

const claimReasons: Readonly<Record<string, SignInFailureReason>> = {
  nonce: 'nonce-mismatch',
  iss: 'issuer-mismatch',
  aud: 'id-token-audience',
  azp: 'id-token-audience',
};

/**
 * What the OpenID library throws, as an error of ours. The original is not kept as cause: it may hold whole answers,
 * and so tokens.
 */
export function issuerFailure(error: unknown, stage: SignInStage, issuer: string): unknown {
  const chain = causesOf(error);
  const ours = chain.find((each) => each instanceof SealwrightError);
  if (ours !== undefined) return ours;
  const host = new URL(issuer).host;
  const fail = (reason: SignInFailureReason, said = ''): SealwrightError =>
    signInFailure(reason, `Signing in at ${host} failed. ${advice[reason] ?? ''}${said}`, { host });

  const answer = chain.find(
    (each) => each instanceof ResponseBodyError || each instanceof AuthorizationResponseError,
  );
  if (answer !== undefined) {
    const said = ` The issuer says: ${quoted(answer.error_description ?? answer.error)}.`;
    if (answer.error === 'invalid_grant')
      return fail(stage === 'refresh' ? 'refresh-refused' : 'code-expired', said);
    return fail(protocolWords[answer.error] ?? 'sign-in-refused', said);
  }
  if (chain.some((each) => each instanceof WWWAuthenticateChallengeError)) return fail('client-refused');

  const facts = chain.map(factsOf);
  const codes = facts.map(({ code }) => code);
  if (codes.includes('OAUTH_JWT_TIMESTAMP_CHECK_FAILED')) return fail('id-token-expired');
  const claim = facts.find((each) => each.claim !== undefined)?.claim;
  if (claim !== undefined) return fail(claimReasons[claim] ?? 'id-token-refused');
  if (codes.includes('OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED')) return fail('issuer-mismatch');
  if (facts.some(({ message }) => message.includes('"nonce"'))) return fail('nonce-mismatch');
  if (facts.some(({ message }) => message.includes('"iss"'))) return fail('issuer-mismatch');
  if (codes.includes('OAUTH_TIMEOUT')) {
    return new SealwrightError('TIMED_OUT', `${host} did not answer in time: try again.`, { host });
  }
  if (stage === 'discovery' || codes.some((code) => code?.startsWith('OAUTH_'))) {
    return new SealwrightError(
      'MALFORMED_ANSWER',
      `${host} does not answer like an OpenID issuer${remark(facts.at(-1)?.message ?? '')}: check the address of the issuer.`,
      { host },
    );
  }
  return error;
}

const remark = (message: string): string => (message === '' ? '' : ` (${quoted(message)})`);

function causesOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let each = error; each !== undefined && chain.length < 8; ) {
    chain.push(each);
    each = each instanceof Error ? each.cause : undefined;
  }
  return chain;
}

function factsOf(error: unknown): {
  readonly code: string | undefined;
  readonly message: string;
  readonly claim: string | undefined;
} {
  if (typeof error !== 'object' || error === null) return { code: undefined, message: '', claim: undefined };
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return {
    code: 'code' in error ? text(error.code) : undefined,
    message: error instanceof Error ? error.message : '',
    claim: 'claim' in error ? text(error.claim) : undefined,
  };
}

/** What an issuer wrote, fit for one line of a message. Words as long as a token are left out: it may repeat what it was sent. */
const quoted = (text: string): string =>
  `"${text
    .slice(0, 2000)
    .replace(/[^\x20-\x7e]/g, ' ')
    .replace(/[\w+/=.~-]{40,}/g, '...')
    .slice(0, 200)
    .replace(/\.$/, '')}"`;
