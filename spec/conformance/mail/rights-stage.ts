import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, createMemoryStore } from '../../../src/authority/index.ts';
import { type Typed, typeCommand } from '../../../src/cli/testing/type-command.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../../src/license/index.ts';
import type { LicensingService } from '../../../src/licensing/index.ts';
import { createTokenVerifier } from '../../../src/server/index.ts';
import { startOpenIdProvider } from '../openid-provider.ts';
import { signIn } from '../provider-tokens.ts';
import { openRestStage } from '../rest-service-stage.ts';
import { testCertificate } from '../test-certificate.ts';

/** A licensing service over HTTPS with an OpenID provider, people who signed in there, and a folder for files. */
export interface RightsStage {
  /** What the service takes for the time. */
  now: Date;
  /** The REST client of somebody who signed in at the provider. */
  as(email: string): LicensingService;
  /** Types a command line as somebody who signed in at the provider. */
  type(email: string, ...args: readonly string[]): Promise<Typed>;
  path(name: string): string;
  write(name: string, bytes: Uint8Array): string;
  read(name: string): Uint8Array;
  close(): Promise<void>;
}

export async function openRightsStage(): Promise<RightsStage> {
  const provider = await startOpenIdProvider();
  const clock = { now: new Date() };
  const authority = await createAuthority({
    store: createMemoryStore(),
    custodian: await custodianFromPkcs8(await generateRsaKey(2048)),
    name: 'Contoso',
    now: () => clock.now,
  });
  const issuers = [
    { issuer: provider.issuer, audience: [provider.resource], domains: ['contoso.com', 'fabrikam.com'] },
  ];
  const server = await openRestStage(authority, () => new Date(), {
    verifyToken: createTokenVerifier({ issuers, fetch: provider.fetch }),
    challenges: [{ authority: provider.issuer, resource: provider.resource, issuer: provider.issuer }],
  });
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-mail-'));
  const path = (name: string): string => join(folder, name);
  writeFileSync(path('ca.pem'), testCertificate().ca);

  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (email: string): Promise<string> => {
    const known = tokens.get(email) ?? signIn(provider, email).then(({ access_token }) => access_token);
    tokens.set(email, known);
    return known;
  };
  return Object.assign(clock, {
    as: (email: string) =>
      server.clientFor(email, {
        tokens: () => tokenOf(email),
        trust: { authorities: [provider.issuer] },
      }),
    async type(email: string, ...args: readonly string[]) {
      const home = path(`home of ${email}`);
      mkdirSync(home, { recursive: true });
      const profile = { service: server.url, user: email, issuer: provider.issuer, ca: path('ca.pem') };
      writeFileSync(join(home, 'config.json'), JSON.stringify({ current: 'me', profiles: { me: profile } }));
      return typeCommand(args, { env: { SEALWRIGHT_HOME: home, SEALWRIGHT_TOKEN: await tokenOf(email) } });
    },
    path,
    write(name: string, bytes: Uint8Array) {
      writeFileSync(path(name), bytes);
      return path(name);
    },
    read: (name: string) => new Uint8Array(readFileSync(path(name))),
    async close() {
      await server.close();
      await authority.close();
      await provider.close();
      rmSync(folder, { recursive: true });
    },
  });
}
