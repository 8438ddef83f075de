import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';
import {
  allowedServices,
  createExchange,
  type LicensingService,
  type RequestLimit,
  type Retries,
  type ServiceTrust,
} from '../../../src/licensing/index.ts';
import { restLicensingServiceOver } from '../../../src/licensing/rest/rest-licensing-service.ts';
import { sentHeader, sharedTime } from './faults.ts';

const issuer = 'https://login.contoso.com';
const audience = 'https://rms.contoso.com';

/** Who issues tokens, as the server has to know it. */
export interface TestIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: JSONWebKeySet;
  /** A token of this person, the same each time. */
  tokenFor(email: string): Promise<string>;
}

/** Makes an issuer with a key of its own. */
export async function createTestIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const tokens = new Map<string, Promise<string>>();
  const sign = (email: string): Promise<string> =>
    new SignJWT({ email, email_verified: true })
      .setProtectedHeader({ alg: 'ES256', kid: 'test' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(email)
      .setIssuedAt()
      .setExpirationTime('2h')
      .sign(privateKey);
  return {
    issuer,
    audience,
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256' }] },
    tokenFor(email) {
      const token = tokens.get(email) ?? sign(email);
      tokens.set(email, token);
      return token;
    },
  };
}

/** The clients of many people in one application, and when each of its requests were answered with 429. */
export interface Clients {
  clientOf(email: string): LicensingService;
  /** When an answer with 429 was there, by the clock of the passages. */
  readonly throttledAt: readonly number[];
  close(): void;
}

/** Clients of the service at `url` that share one limit, as one application's do. */
export function createClients(
  url: string,
  tokens: TestIssuer,
  patience: { readonly limiter: RequestLimit; readonly retries: Retries },
): Clients {
  const throttledAt: number[] = [];
  // The limiter let a request go in the same turn of the event loop in which it is sent, so after this.
  let turn = sharedTime();
  const turns = setInterval(() => {
    turn = sharedTime();
  }, 2);
  const trust: ServiceTrust = { clouds: [], authorities: [issuer], insecureLoopback: true };
  const exchange = createExchange({
    tokens: ({ user = '' }) => tokens.tokenFor(user),
    named: [url],
    trust,
    ...patience,
    async fetch(input, init) {
      const headers = new Headers(init?.headers);
      headers.set(sentHeader, `${turn} ${sharedTime()}`);
      const response = await globalThis.fetch(input, { ...init, headers });
      if (response.status !== 429) return response;
      // Read here, so that the time is that at which the exchange hears of it.
      const { status, headers: answered } = response;
      const body = await response.text();
      throttledAt.push(sharedTime());
      return new Response(body, { status, headers: answered });
    },
  });
  const connection = { exchange, allowed: allowedServices({ named: [url], trust }) };
  const clients = new Map<string, LicensingService>();
  return {
    throttledAt,
    close: () => clearInterval(turns),
    clientOf(email) {
      const client =
        clients.get(email) ??
        restLicensingServiceOver(connection, {
          url,
          user: email,
          tokens: ({ user = '' }) => tokens.tokenFor(user),
          trust,
        });
      clients.set(email, client);
      return client;
    },
  };
}
