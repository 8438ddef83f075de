import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../../../src/authority/index.ts';
import { open, protect } from '../../../src/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../../src/license/index.ts';
import { type OpenPage, openInChromium } from './chromium.ts';
import type * as Page from './page.ts';

const passphrase = 'between two runtimes';
const content = new Uint8Array(randomBytes(300_001));
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe('the front door in headless Chromium', async () => {
  const pkcs8 = await generateRsaKey(2048);
  const authority = await createAuthority({
    store: createMemoryStore(),
    custodian: await custodianFromPkcs8(pkcs8),
    exportKey: async () => pkcs8.slice(),
  });
  let opened: OpenPage<typeof Page>;
  beforeAll(async () => {
    opened = await openInChromium('./page.ts');
    const archive = new Uint8Array(await new Response(authority.export(passphrase)).arrayBuffer());
    expect(await opened.page.restoreAuthority(archive, passphrase)).toBe(authority.facts.id);
  });
  afterAll(() => opened?.close());

  it('runs in a secure context without anything of Node', async () => {
    expect(await opened.page.surroundings()).toEqual({ secure: true, webcrypto: true, node: false });
  });

  for (const cipherMode of ['SEALWRIGHT.GCM64K', 'MICROSOFT.CBC4K'] as const)
    for (const backend of ['webcrypto', 'noble', undefined] as const) {
      const how = `in ${cipherMode} with ${backend ?? 'the back-end of its choice'}`;

      it(`protects what Node opens, ${how}`, async () => {
        const file = await opened.page.protectInPage(content, cipherMode, backend);
        const inNode = await open(file, { service: authority.as('bob@contoso.com') });
        expect(inNode.cipherMode).toBe(cipherMode);
        expect(same(await inNode.bytes(), content)).toBe(true);
      });

      it(`opens what Node protected, ${how}`, async () => {
        const file = await protect(content, {
          service: authority.as('alice@contoso.com'),
          policy: { grants: [{ to: 'bob@contoso.com', rights: ['VIEW', 'PRINT'] }] },
          cipherMode,
        });
        const inPage = await opened.page.openInPage(await file.bytes(), backend);
        expect(inPage.rights).toEqual(['VIEW', 'PRINT']);
        expect(same(inPage.content, content)).toBe(true);
        expect(same(inPage.piece, content.subarray(70_000, 70_016))).toBe(true);
      });
    }

  it('refuses in the page whom it refuses in Node', async () => {
    const file = await opened.page.protectInPage(content, 'SEALWRIGHT.GCM64K', undefined);
    expect(await opened.page.refusalInPage(file)).toBe('ACCESS_DENIED');
  });

  it('leaves no error behind', () => {
    expect(opened.complaints).toEqual([]);
  });
});
