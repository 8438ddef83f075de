import { requireResource } from './authorization-request.ts';
import { developmentApplication, requirePublicClient } from './clients.ts';
import type { Grants } from './grants.ts';
import { invalidRequest, ProtocolError } from './protocol-error.ts';
import { type Grant, type TokenMinter, tokenLifetime } from './token-minter.ts';

/** Answers a token request, or throws {@link ProtocolError}. */
export async function answerTokenRequest(
  fields: ReadonlyMap<string, string>,
  authorization: string | undefined,
  {
    grants,
    minter,
    audience,
  }: { readonly grants: Grants; readonly minter: TokenMinter; readonly audience: string },
): Promise<Readonly<Record<string, unknown>>> {
  const need = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined) throw invalidRequest(`${name} is missing.`);
    return value;
  };
  const type = need('grant_type');
  requireResource(fields.get('resource'), audience);
  if (type === 'client_credentials') {
    requireApplication(fields, authorization);
    const scope = fields.get('scope') ?? '';
    const grant: Grant = { clientId: developmentApplication.id, scope, who: undefined, nonce: undefined };
    return bearer(await minter.accessToken(grant), grant);
  }
  requirePublicClient(fields.get('client_id'));
  return answerFor(redeem(), true);

  function redeem(): Grant {
    switch (type) {
      case 'authorization_code':
        return grants.redeemCode(need('code'), need('code_verifier'), need('redirect_uri'));
      case 'refresh_token':
        return grants.redeemRefreshToken(need('refresh_token'));
      case 'urn:ietf:params:oauth:grant-type:device_code':
        return grants.redeemDevice(need('device_code'));
      default:
        throw new ProtocolError('unsupported_grant_type', 'This grant_type is not served.');
    }
  }

  async function answerFor(grant: Grant, refreshable: boolean) {
    const scopes = grant.scope.split(' ');
    return {
      ...bearer(await minter.accessToken(grant), grant),
      ...(scopes.includes('openid') && { id_token: await minter.idToken(grant) }),
      ...(refreshable &&
        scopes.includes('offline_access') && {
          refresh_token: grants.refreshToken({ ...grant, nonce: undefined }),
        }),
    };
  }
}

const bearer = (accessToken: string, { scope }: Grant) => ({
  access_token: accessToken,
  token_type: 'Bearer',
  expires_in: tokenLifetime,
  scope,
});

/** The secret is no secret, so comparing it needs no care. */
function requireApplication(fields: ReadonlyMap<string, string>, authorization: string | undefined): void {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '') ?? [];
  const [id, secret] =
    encoded === undefined
      ? [fields.get('client_id'), fields.get('client_secret')]
      : Buffer.from(encoded, 'base64').toString().split(':').map(formDecoded);
  if (id === developmentApplication.id && secret === developmentApplication.secret) return;
  throw new ProtocolError(
    'invalid_client',
    `Unknown application: use ${developmentApplication.id} with its secret.`,
  );
}

/** Client id and secret are form-encoded inside Basic (RFC 6749, 2.3.1). */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
