import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority, createMemoryStore } from '../../src/authority/index.ts';
import { open, protect } from '../../src/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../src/license/index.ts';
import { type NetworkOptions, networkFetch } from '../../src/node/network/index.ts';
import { hasProgram } from './office/programs.test-support.ts';
import { type ProxyProcess, type ProxyProgram, programPath, startProxyProcess } from './proxy-process.ts';
import { openRestStage, type RestStage } from './rest-service-stage.ts';
import { testCertificate } from './test-certificate.ts';

const content = new TextEncoder().encode('Carried through a proxy.\n'.repeat(4000));
const user = { name: 'alice', password: 'letters-and.4' };
const inUrl = `${user.name}:${encodeURIComponent(user.password)}`;

let authority: Authority;
let stage: RestStage;
beforeAll(async () => {
  const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
  authority = await createAuthority({ store: createMemoryStore(), custodian });
  stage = await openRestStage(authority, () => new Date());
});
afterAll(async () => {
  await stage.close();
  await authority.close();
});

/** Protects as one person and opens as another, both over connections of the given network. */
async function protectAndOpen(options: NetworkOptions): Promise<string> {
  const fetch = networkFetch({
    env: {},
    certificateAuthorities: [testCertificate().ca],
    // The server of the test is on this machine, which needs no proxy otherwise.
    proxyLoopback: true,
    ...options,
  });
  try {
    const alice = stage.clientFor('alice@contoso.com', { fetch });
    const bob = stage.clientFor('bob@contoso.com', { fetch });
    const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] };
    const file = await protect(content, { service: alice, policy, name: 'a.txt' });
    const opened = await open(await file.bytes(), { service: bob });
    try {
      return new TextDecoder().decode(await opened.bytes());
    } finally {
      await opened.close();
    }
  } finally {
    await fetch.close();
  }
}

const expected = new TextDecoder().decode(content);
const connects = (proxy: ProxyProcess): number =>
  proxy
    .log()
    .split('\n')
    .filter((line) => line.includes(`CONNECT ${new URL(stage.url).host}`)).length;

const programs: readonly ProxyProgram[] = ['tinyproxy', 'squid'];
for (const program of programs) {
  const missing = programPath(program) === undefined;
  const name = missing ? `${program} (SKIPPED: not installed, apt-get install ${program})` : program;
  describe.skipIf(missing)(`a real proxy, ${name}`, () => {
    it('carries a protect and an open', async () => {
      const proxy = await startProxyProcess(program);
      try {
        const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
        expect(await protectAndOpen({ env })).toBe(expected);
        // A proxy notes a tunnel when it is over.
        await expect.poll(() => connects(proxy), { timeout: 10_000 }).toBeGreaterThan(0);
      } finally {
        await proxy.stop();
      }
    });

    it.skipIf(program === 'squid' && !hasProgram('openssl', 'version'))(
      'carries them with a user name and password, and nobody without',
      async () => {
        const proxy = await startProxyProcess(program, user);
        try {
          const env = { HTTPS_PROXY: `http://${inUrl}@127.0.0.1:${proxy.port}` };
          expect(await protectAndOpen({ env })).toBe(expected);
          const byOption = { username: user.name, password: user.password };
          const url = `http://127.0.0.1:${proxy.port}`;
          expect(await protectAndOpen({ proxy: url, proxyAuthorization: byOption })).toBe(expected);
          const refused = (options: NetworkOptions, reason: string) =>
            expect(protectAndOpen(options)).rejects.toMatchObject({
              code: 'PROXY_FAILED',
              details: { reason },
            });
          await refused({ proxy: url }, 'proxy-authentication-required');
          const wrong = { username: user.name, password: 'wrong' };
          await refused({ proxy: url, proxyAuthorization: wrong }, 'proxy-credentials-refused');
        } finally {
          await proxy.stop();
        }
      },
    );

    it('is chosen by a PAC file, after one that is not there', async () => {
      const proxy = await startProxyProcess(program);
      const folder = mkdtempSync(join(tmpdir(), 'sealwright-pac-'));
      try {
        const pac = join(folder, 'proxy.pac');
        writeFileSync(
          pac,
          `function FindProxyForURL(url, host) {
            if (isInNet(host, "127.0.0.0", "255.0.0.0")) return "PROXY 127.0.0.1:1; PROXY 127.0.0.1:${proxy.port}; DIRECT";
            return "DIRECT";
          }`,
        );
        expect(await protectAndOpen({ pac })).toBe(expected);
        // A proxy notes a tunnel when it is over.
        await expect.poll(() => connects(proxy), { timeout: 10_000 }).toBeGreaterThan(0);
      } finally {
        await proxy.stop();
        rmSync(folder, { recursive: true });
      }
    });
  });
}
