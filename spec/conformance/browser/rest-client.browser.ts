import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../../../src/authority/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../../src/license/index.ts';
import { createServer, createTokenVerifier, type Listener, listen } from '../../../src/server/index.ts';
import { freePort, stageIssuer, tokenFor } from '../rest-service-stage.ts';
import { type OpenPage, openInChromium } from './chromium.ts';
import type * as Page from './rest-page.ts';

const content = new TextEncoder().encode('Between a page and a server.');
const alice = 'alice@contoso.com';
const bob = 'bob@contoso.com';

describe('the REST client in headless Chromium', async () => {
  const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
  const authority = await createAuthority({ store: createMemoryStore(), custodian });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const [aliceToken, bobToken, eveToken] = await Promise.all(
    [alice, bob, 'eve@contoso.com'].map((who) => tokenFor(who, new Date())),
  );
  const { facts } = authority;
  let opened: OpenPage<typeof Page>;
  let listener: Listener;

  async function serveTo(origins: readonly string[]): Promise<void> {
    await listener?.stop(0);
    const server = createServer({
      authority,
      verifyToken: createTokenVerifier({ issuers: [stageIssuer] }),
      url,
      challenges: [{ authority: 'https://login.contoso.com', resource: 'https://rms.contoso.com' }],
      facts: {
        Name: facts.name,
        AuthorityId: facts.id,
        KeySha256: facts.keySha256,
        Version: '0.0.0',
        Issuers: [],
      },
      origins,
    });
    listener = await listen(server, { port });
  }

  beforeAll(async () => {
    opened = await openInChromium('./rest-page.ts', url);
    await serveTo([opened.origin]);
  });
  afterAll(async () => {
    await opened?.close();
    await listener?.stop(0);
  });

  it('protects in the page and opens in the page, over the network', async () => {
    const file = await opened.page.protectOverTheNetwork(content, url, alice, aliceToken as string);
    const inPage = await opened.page.openOverTheNetwork(file, url, bob, bobToken as string);
    expect(inPage).toMatchObject({ rights: ['VIEW'], refusal: 'none' });
    expect(new TextDecoder().decode(inPage.content)).toBe(new TextDecoder().decode(content));
  });

  it('tells the page why: no grant, or a token that is not accepted', async () => {
    const file = await opened.page.protectOverTheNetwork(content, url, alice, aliceToken as string);
    const eve = await opened.page.openOverTheNetwork(file, url, 'eve@contoso.com', eveToken as string);
    expect(eve.refusal).toBe('ACCESS_DENIED');
    const forged = await opened.page.openOverTheNetwork(file, url, bob, 'bm90.YQ.dG9rZW4');
    expect(forged.refusal).toMatch(/^AUTHENTICATION_FAILED token-/);
  });

  it('is kept out of a server that does not know the origin of the page', async () => {
    await serveTo(['https://app.contoso.com']);
    const refused = await opened.page.openOverTheNetwork(content, url, bob, bobToken as string);
    expect(refused.refusal).not.toBe('none');
    const protecting = opened.page.protectOverTheNetwork(content, url, alice, aliceToken as string);
    await expect(protecting).rejects.toThrow();
  });
});
