import { createPrivateKey, webcrypto } from 'node:crypto';
import * as openid from 'openid-client';
import { SealwrightError } from '../errors.ts';
import { issuerFailure } from './issuer-failure.ts';
import { issuerFetch } from './issuer-fetch.ts';
import type { ClientKey } from './open-id-options.ts';
import type { Settings } from './settings.ts';

const rediscoverAfter = 60 * 60_000;
const requestTimeoutSeconds = 30;

/** The configured issuer, as its discovery document describes it. */
export interface Issuer {
  readonly metadata: openid.ServerMetadata;
  /** Says of itself that it lets anyone in under any name (spec/sign-in.md, "Development issuers"). */
  readonly development: boolean;
  /** For requests that end with `signal`. */
  client(signal: AbortSignal | undefined): openid.Configuration;
}

/** Finds the issuer, once an hour. */
export function issuerConnection(settings: Settings): (signal: AbortSignal | undefined) => Promise<Issuer> {
  let known: { readonly at: number; readonly issuer: Issuer } | undefined;
  return async (signal) => {
    const at = settings.now().getTime();
    if (known !== undefined && at >= known.at && at - known.at < rediscoverAfter) return known.issuer;
    const issuer = await discover(settings, signal);
    known = { at, issuer };
    return issuer;
  };
}

async function discover(settings: Settings, signal: AbortSignal | undefined): Promise<Issuer> {
  const { issuer, clientId, fetch, insecureLoopback, now } = settings;
  const connect = (each: AbortSignal | undefined) => issuerFetch({ fetch, insecureLoopback, signal: each });
  const execute = insecureLoopback ? [openid.allowInsecureRequests] : [];
  let metadata: openid.ServerMetadata;
  try {
    const found = await openid.discovery(new URL(issuer), clientId, undefined, openid.None(), {
      [openid.customFetch]: connect(signal),
      execute,
      timeout: requestTimeoutSeconds,
    });
    metadata = found.serverMetadata();
  } catch (error) {
    signal?.throwIfAborted();
    throw issuerFailure(error, 'discovery', issuer);
  }
  const authentication = await clientAuthentication(settings, metadata);
  return {
    metadata,
    development: metadata.sealwright_development === true,
    client(each) {
      const skew = Math.round((now().getTime() - Date.now()) / 1000);
      const client = new openid.Configuration(
        metadata,
        clientId,
        { [openid.clockSkew]: skew },
        authentication,
      );
      client[openid.customFetch] = connect(each);
      client.timeout = requestTimeoutSeconds;
      for (const prepare of execute) prepare(client);
      return client;
    },
  };
}

async function clientAuthentication(
  { clientSecret, clientKey }: Settings,
  metadata: openid.ServerMetadata,
): Promise<openid.ClientAuth> {
  if (clientKey !== undefined) return openid.PrivateKeyJwt(await importKey(clientKey));
  if (clientSecret === undefined) return openid.None();
  const offered = metadata.token_endpoint_auth_methods_supported;
  return offered?.includes('client_secret_post')
    ? openid.ClientSecretPost(clientSecret)
    : openid.ClientSecretBasic(clientSecret);
}

async function importKey({ pem, keyId }: ClientKey): Promise<openid.PrivateKey> {
  try {
    const key = createPrivateKey(pem);
    const algorithm =
      key.asymmetricKeyType === 'ec'
        ? { name: 'ECDSA', namedCurve: 'P-256' }
        : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const der = key.export({ format: 'der', type: 'pkcs8' });
    const imported = await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
    return keyId === undefined ? { key: imported } : { key: imported, kid: keyId };
  } catch {
    // The original error may quote the key.
    throw new SealwrightError(
      'MALFORMED_KEY',
      'clientKey cannot be used: it must be an RSA key, or an EC key on P-256, as PKCS#8 PEM without a passphrase.',
    );
  }
}
