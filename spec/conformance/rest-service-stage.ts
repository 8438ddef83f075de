import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { Agent, fetch as undiciFetch } from 'undici';
import type { Authority } from '../../src/authority/index.ts';
import type { Identity } from '../../src/index.ts';
import {
  type LicensingService,
  type RestServiceOptions,
  restLicensingService,
} from '../../src/licensing/index.ts';
import {
  createServer,
  createTokenVerifier,
  type IssuerSettings,
  listen,
  type ServerOptions,
} from '../../src/server/index.ts';
import { testCertificate } from './test-certificate.ts';

const { publicKey, privateKey } = await generateKeyPair('ES256');
const jwk = { ...(await exportJWK(publicKey)), kid: 'stage', alg: 'ES256' };
const certificate = testCertificate();
const agent = new Agent({ connect: { ca: certificate.ca } });

/** A `fetch` that trusts the test certificate. */
export const trustingFetch = ((input: string | URL | Request, init?: RequestInit) =>
  undiciFetch(input as string, { ...(init as object), dispatcher: agent })) as unknown as typeof fetch;

export const stageIssuer: IssuerSettings = {
  issuer: 'https://login.contoso.com',
  audience: ['https://rms.contoso.com'],
  jwks: { keys: [jwk] },
  aliasesClaim: 'proxyAddresses',
  groupsClaim: 'groups',
};

/** A token as the issuer of the stage gives one to this person. */
export function tokenFor(who: string | Identity, now: Date): Promise<string> {
  const {
    email,
    aliases = [],
    groups = [],
  } = typeof who === 'string' ? { email: who } : (who as Required<Identity>);
  const seconds = Math.floor(now.getTime() / 1000);
  return new SignJWT({ email, email_verified: true, groups, proxyAddresses: aliases })
    .setProtectedHeader({ alg: 'ES256', kid: 'stage' })
    .setIssuer('https://login.contoso.com')
    .setAudience('https://rms.contoso.com')
    .setSubject(email)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + 3600)
    .sign(privateKey);
}

/** A server of ours on loopback, over HTTPS, and clients of it. */
export interface RestStage {
  readonly url: string;
  /** The REST client of somebody who signed in. */
  clientFor(who: string | Identity, options?: Partial<RestServiceOptions>): LicensingService;
  close(): Promise<void>;
}

/** Puts an authority on the network of this machine. */
export async function openRestStage(
  authority: Authority,
  now: () => Date,
  options: Partial<ServerOptions> = {},
): Promise<RestStage> {
  const folder = await mkdtemp(join(tmpdir(), 'sealwright-stage-'));
  const tls = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
  await writeFile(tls.certificate, certificate.cert);
  await writeFile(tls.key, certificate.key);
  const port = await freePort();
  const server = createServer({
    authority,
    verifyToken: createTokenVerifier({ issuers: [stageIssuer], now }),
    url: `https://127.0.0.1:${port}`,
    challenges: [{ authority: 'https://login.contoso.com', resource: 'https://rms.contoso.com' }],
    facts: {
      Name: authority.facts.name,
      AuthorityId: authority.facts.id,
      KeySha256: authority.facts.keySha256,
      Version: '0.0.0',
      Issuers: [{ Issuer: 'https://login.contoso.com' }],
    },
    now,
    ...options,
  });
  const listener = await listen(server, { port, tls });
  return {
    url: listener.url,
    clientFor: (who, more) =>
      restLicensingService({
        url: listener.url,
        user: typeof who === 'string' ? who : who.email,
        tokens: () => tokenFor(who, now()),
        trust: { authorities: ['https://login.contoso.com'] },
        fetch: trustingFetch,
        now,
        ...more,
      }),
    close: async () => {
      await listener.stop(1000);
      await rm(folder, { recursive: true });
    },
  };
}

/** Discovery names the port, so it has to be known before anybody listens. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket();
    socket.once('error', reject);
    socket.listen(0, '127.0.0.1', () => {
      const { port } = socket.address() as AddressInfo;
      socket.close(() => resolve(port));
    });
  });
}
