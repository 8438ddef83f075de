import { requireLoopbackRedirect, requirePublicClient } from './clients.ts';
import { invalidRequest, ProtocolError } from './protocol-error.ts';

/** An authorization request whose client and redirect are known to be good (RFC 6749, 4.1.1). */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: URL;
  /** As it was sent: the token request has to repeat it. */
  readonly redirectText: string;
  readonly state: string | undefined;
  readonly loginHint: string;
  readonly groups: string;
  /** Answer at once for whoever `login_hint` names. */
  readonly automatic: boolean;
  /** Everything of the request, for the form that comes back with it. */
  readonly fields: ReadonlyMap<string, string>;
}

/** What can be told to the client on its redirect. */
export interface AuthorizationTerms {
  readonly scope: string;
  readonly nonce: string | undefined;
  readonly codeChallenge: string;
}

const maxFieldLength = 2048;

/** Reads what must hold before anything is sent to a redirect. Throws {@link ProtocolError}. */
export function readAuthorizationRequest(parameters: URLSearchParams): AuthorizationRequest {
  const fields = singleFields(parameters);
  const clientId = fields.get('client_id');
  requirePublicClient(clientId);
  const redirectText = fields.get('redirect_uri');
  const redirectUri = requireLoopbackRedirect(redirectText);
  return {
    clientId: clientId ?? '',
    redirectUri,
    redirectText: redirectText ?? '',
    state: fields.get('state'),
    loginHint: fields.get('login_hint') ?? '',
    groups: fields.get('groups') ?? '',
    automatic: fields.get('sealwright_sign_in') === 'auto' && fields.has('login_hint'),
    fields,
  };
}

/** Reads the rest. What this throws goes to the redirect. */
export function readAuthorizationTerms(
  { fields }: AuthorizationRequest,
  audience: string,
): AuthorizationTerms {
  if (fields.get('response_type') !== 'code')
    throw new ProtocolError('unsupported_response_type', 'Only response_type=code is served.');
  if ((fields.get('response_mode') ?? 'query') !== 'query')
    throw invalidRequest('Only response_mode=query is served.');
  const codeChallenge = fields.get('code_challenge') ?? '';
  if (fields.get('code_challenge_method') !== 'S256' || !/^[A-Za-z0-9_-]{43}$/.test(codeChallenge))
    throw invalidRequest('PKCE is required: code_challenge with code_challenge_method=S256.');
  if (fields.get('prompt') === 'none')
    throw new ProtocolError('login_required', 'Nobody stays signed in here, so somebody has to be asked.');
  requireResource(fields.get('resource'), audience);
  return { scope: fields.get('scope') ?? 'openid', nonce: fields.get('nonce'), codeChallenge };
}

/** There is one service to ask a token for. */
export function requireResource(resource: string | undefined, audience: string): void {
  if (resource !== undefined && resource !== audience)
    throw new ProtocolError('invalid_target', `The only resource is ${audience}.`);
}

/** Parameters by name; one that is there twice is refused (RFC 6749, 3.1). */
export function singleFields(parameters: URLSearchParams): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (fields.has(name)) throw invalidRequest('A parameter is there twice.');
    if (value.length > maxFieldLength) throw invalidRequest('A parameter is too long.');
    if (value !== '') fields.set(name, value);
  }
  return fields;
}
