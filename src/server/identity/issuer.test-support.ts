import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** An issuer that exists only as documents behind an injected `fetch`. */
export interface TestIssuer {
  readonly url: string;
  /** Addresses that were asked for, in order. */
  readonly requests: string[];
  readonly fetch: typeof globalThis.fetch;
  /** What discovery and key set answer; tests change it. */
  readonly documents: { discovery: Record<string, unknown>; keys: JWK[]; status: number };
  /** A token of this issuer, good unless `claims` say otherwise. */
  token(claims?: JWTPayload, header?: Partial<{ alg: string; kid: string; typ: string }>): Promise<string>;
  /** Publishes another key instead of the old one, and signs with it. */
  rotate(kid: string): Promise<void>;
}

export const testNow = new Date('2030-03-01T12:00:00Z');
export const testAudience = 'api://rights.test';
export const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

export async function testIssuer(
  url = 'https://login.contoso.test',
  algorithm = 'ES256',
): Promise<TestIssuer> {
  const requests: string[] = [];
  const documents: TestIssuer['documents'] = {
    discovery: { issuer: url, jwks_uri: `${url}/keys` },
    keys: [],
    status: 200,
  };
  let pair = await generateKeyPair(algorithm, { extractable: true });
  let currentKid = '';
  const issuer: TestIssuer = {
    url,
    requests,
    documents,
    fetch: async (input) => {
      const address = String(input);
      requests.push(address);
      const found = address.endsWith('/.well-known/openid-configuration')
        ? documents.discovery
        : address === documents.discovery.jwks_uri
          ? { keys: documents.keys }
          : undefined;
      if (found === undefined) return new Response('', { status: 404 });
      return Response.json(found, { status: documents.status });
    },
    token(claims = {}, header = {}) {
      const now = seconds(testNow);
      return new SignJWT({
        iss: url,
        aud: testAudience,
        sub: 'subject-1',
        email: 'ana@contoso.test',
        email_verified: true,
        iat: now,
        exp: now + 3600,
        ...claims,
      })
        .setProtectedHeader({ alg: algorithm, kid: currentKid, ...header })
        .sign(pair.privateKey);
    },
    async rotate(kid) {
      if (currentKid !== '') pair = await generateKeyPair(algorithm, { extractable: true });
      currentKid = kid;
      documents.keys = [{ ...(await exportJWK(pair.publicKey)), kid, use: 'sig', alg: algorithm }];
    },
  };
  await issuer.rotate('key-1');
  return issuer;
}

/** Unsecured JSON as a part of a token. */
export const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
