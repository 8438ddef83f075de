import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenPage, openInChromium } from './chromium.ts';
import type * as Page from './page.ts';

describe('the front door in headless Chromium', () => {
  let opened: OpenPage<typeof Page>;
  beforeAll(async () => {
    opened = await openInChromium('./page.ts');
  });
  afterAll(() => opened?.close());

  it('runs in a secure context without anything of Node', async () => {
    expect(await opened.page.surroundings()).toEqual({ secure: true, webcrypto: true, node: false });
  });

  it('takes bytes from Node and gives them back unchanged', async () => {
    const bytes = new TextEncoder().encode('Grüße aus der façade');
    const result = await opened.page.roundTrip(bytes);
    expect(result.bytes).toEqual(bytes);
    expect(result.hex).toBe(Buffer.from(bytes).toString('hex'));
  });

  it('leaves no error behind', () => {
    expect(opened.complaints).toEqual([]);
  });
});
