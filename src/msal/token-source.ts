import type { AuthenticationResult, Configuration } from '@azure/msal-node';
import type { WaitOptions } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import type { TokenChallenge, TokenProvider } from '../licensing/index.ts';
import { authorityOf } from './challenge-scopes.ts';
import { loadMsal, type Msal } from './load-msal.ts';
import type { MsalCredential, MsalOptions } from './msal-options.ts';
import { plainOpenIdNetwork } from './plain-openid-network.ts';

/** Asks MSAL. `renew` means that what its cache holds was refused. */
export type AskMsal = (
  challenge: TokenChallenge,
  options: WaitOptions & { readonly renew: boolean },
) => Promise<AuthenticationResult | null>;

const mostRefused = 64;

/** A `TokenProvider` over MSAL: one question at a time for the same token, and no token twice that was refused. */
export function tokenSource(ask: AskMsal): TokenProvider {
  const refused = new Set<string>();
  const running = new Map<string, Promise<string>>();

  async function token(challenge: TokenChallenge, options: WaitOptions): Promise<string> {
    let result = await ask(challenge, { ...options, renew: challenge.refused !== undefined });
    if (result !== null && refused.has(result.accessToken)) {
      result = await ask(challenge, { ...options, renew: true });
    }
    if (!result?.accessToken || refused.has(result.accessToken)) {
      throw new SealwrightError(
        'AUTHENTICATION_FAILED',
        'MSAL has no other token than the one the service refused. Ask who runs the service which tokens it takes.',
        { reason: 'token-refused' },
      );
    }
    return result.accessToken;
  }

  return async (challenge, { signal } = {}) => {
    signal?.throwIfAborted();
    if (challenge.refused !== undefined) {
      refused.add(challenge.refused);
      const [oldest] = refused;
      if (refused.size > mostRefused && oldest !== undefined) refused.delete(oldest);
    }
    const key = JSON.stringify(challenge);
    let flight = running.get(key);
    if (flight === undefined) {
      flight = token(challenge, { signal }).finally(() => running.delete(key));
      running.set(key, flight);
    }
    return endWith(signal, flight);
  };
}

/** MSAL knows no signals: whoever gives up leaves, and what MSAL finds out stays in its cache. */
export function endWith<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** MSAL and its configuration, made on first use. */
export function onceMade<T>(
  options: MsalOptions & MsalCredential,
  make: (msal: Msal, configuration: Configuration) => T,
): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= loadMsal(options.msal).then((msal) => make(msal, configurationOf(msal, options)));
    made.catch(() => {
      made = undefined;
    });
    return made;
  };
}

function configurationOf(msal: Msal, options: MsalOptions & MsalCredential): Configuration {
  const { clientId, issuer, cache, network, capabilities, clientSecret, clientCertificate } = options;
  const authority = authorityOf(options);
  return {
    auth: {
      clientId,
      authority,
      // Without this MSAL asks Microsoft's public cloud whether it knows the host.
      knownAuthorities: [new URL(authority).host],
      ...(capabilities !== undefined && { clientCapabilities: [...capabilities] }),
      ...(clientSecret !== undefined && { clientSecret }),
      ...(clientCertificate !== undefined && {
        clientCertificate: {
          privateKey: clientCertificate.privateKey,
          thumbprintSha256: clientCertificate.thumbprintSha256,
          ...(clientCertificate.x5c !== undefined && { x5c: clientCertificate.x5c }),
        },
      }),
    },
    ...(cache !== undefined && { cache: { cachePlugin: cache } }),
    system: {
      ...(network !== undefined && { networkClient: network }),
      ...(issuer !== undefined && {
        protocolMode: msal.ProtocolMode.OIDC,
        networkClient: plainOpenIdNetwork(network),
      }),
    },
  };
}
