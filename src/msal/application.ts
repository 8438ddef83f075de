import { SealwrightError } from '../errors.ts';
import type { TokenProvider } from '../licensing/index.ts';
import { requireAuthority, resourceFor, scopesFor } from './challenge-scopes.ts';
import { loadMsal } from './load-msal.ts';
import { msalFailure } from './msal-failure.ts';
import type { MsalCredential, MsalOptions } from './msal-options.ts';
import { onceMade, tokenSource } from './token-source.ts';

/**
 * Tokens for an application itself, with a secret or a certificate (spec/sign-in.md, "MSAL").
 *
 * @throws SealwrightError `INVALID_ARGUMENT`; the provider throws `AUTHENTICATION_FAILED`, `SERVICE_UNAVAILABLE`
 * @example
 * ```ts
 * import { msalApplication } from 'sealwright/msal';
 * const tokens = msalApplication({
 *   clientId: '11111111-2222-3333-4444-555555555555',
 *   tenant: 'contoso.com',
 *   clientSecret: 'from a secret store',
 * });
 * ```
 */
export function msalApplication(options: MsalOptions & MsalCredential): TokenProvider {
  requireCredential(options);
  const application = onceMade(
    options,
    (msal, configuration) => new msal.ConfidentialClientApplication(configuration),
  );
  return tokenSource(async (challenge, { renew }) => {
    requireAuthority(challenge, options);
    const scopes = scopesFor(challenge, options, '.default');
    try {
      return await (await application()).acquireTokenByClientCredential({
        scopes,
        skipCache: renew,
        ...(challenge.claims !== undefined && { claims: challenge.claims }),
      });
    } catch (error) {
      throw msalFailure(error, 'application');
    }
  });
}

/**
 * Tokens for the person who called this application, in exchange for the token they came with (on behalf of).
 *
 * @param options.assertion Gives the token of the call being served
 * @throws SealwrightError `INVALID_ARGUMENT`; the provider throws `AUTHENTICATION_FAILED`, `SERVICE_UNAVAILABLE`
 * @example
 * ```ts
 * import { msalOnBehalfOf } from 'sealwright/msal';
 * const tokens = msalOnBehalfOf({
 *   clientId: '11111111-2222-3333-4444-555555555555',
 *   tenant: 'contoso.com',
 *   clientSecret: 'from a secret store',
 *   assertion: () => 'the bearer token of the request',
 * });
 * ```
 */
export function msalOnBehalfOf(
  options: MsalOptions & MsalCredential & { readonly assertion: () => string | Promise<string> },
): TokenProvider {
  requireCredential(options);
  const application = onceMade(
    options,
    (msal, configuration) => new msal.ConfidentialClientApplication(configuration),
  );
  return async (challenge, wait) => {
    // Whose token it is changes from call to call, so nothing is shared between calls.
    const oboAssertion = await options.assertion();
    return tokenSource(async (each, { renew }) => {
      requireAuthority(each, options);
      const scopes = scopesFor(each, options, 'user_impersonation');
      try {
        return await (await application()).acquireTokenOnBehalfOf({
          scopes,
          oboAssertion,
          skipCache: renew,
          ...(each.claims !== undefined && { claims: each.claims }),
        });
      } catch (error) {
        throw msalFailure(error, 'application');
      }
    })(challenge, wait);
  };
}

/** Which managed identity: the machine's own, or one assigned to it. */
export interface ManagedIdentityOptions
  extends Pick<MsalOptions, 'cloud' | 'tenant' | 'resource' | 'network' | 'capabilities' | 'msal'> {
  readonly userAssignedClientId?: string | undefined;
  readonly userAssignedResourceId?: string | undefined;
  readonly userAssignedObjectId?: string | undefined;
}

/**
 * Tokens of the managed identity of a machine in the cloud: there is no secret to keep.
 *
 * @throws SealwrightError from the provider: `AUTHENTICATION_FAILED`, reason `no-managed-identity` where there is none
 * @example
 * ```ts
 * import { msalManagedIdentity } from 'sealwright/msal';
 * const tokens = msalManagedIdentity({});
 * ```
 */
export function msalManagedIdentity(options: ManagedIdentityOptions): TokenProvider {
  const { network, capabilities, userAssignedClientId, userAssignedObjectId, userAssignedResourceId } =
    options;
  const authority: MsalOptions = { ...options, clientId: '' };
  const load = () =>
    loadMsal(options.msal).then(
      (msal) =>
        new msal.ManagedIdentityApplication({
          ...(capabilities !== undefined && { clientCapabilities: [...capabilities] }),
          managedIdentityIdParams: {
            ...(userAssignedClientId !== undefined && { userAssignedClientId }),
            ...(userAssignedObjectId !== undefined && { userAssignedObjectId }),
            ...(userAssignedResourceId !== undefined && { userAssignedResourceId }),
          },
          ...(network !== undefined && { system: { networkClient: network } }),
        }),
    );
  let application: ReturnType<typeof load> | undefined;
  return tokenSource(async (challenge, { renew }) => {
    requireAuthority(challenge, authority);
    const resource = resourceFor(challenge, authority);
    try {
      application ??= load();
      return await (await application).acquireToken({
        resource,
        forceRefresh: renew,
        ...(challenge.claims !== undefined && { claims: challenge.claims }),
      });
    } catch (error) {
      throw msalFailure(error, 'managed');
    }
  });
}

function requireCredential({ clientSecret, clientCertificate }: MsalCredential): void {
  if ((clientSecret === undefined) === (clientCertificate === undefined)) {
    throw new SealwrightError('INVALID_ARGUMENT', 'Give clientSecret or clientCertificate, and not both.');
  }
}
