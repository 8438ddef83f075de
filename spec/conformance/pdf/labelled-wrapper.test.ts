import { describe, expect, it } from 'vitest';
import { inspect, open, protect } from '../../../src/index.ts';
import { memoryAuthority, policy } from '../office/stage.test-support.ts';
import { tellingPdf } from './made-to-tell.test-support.ts';
import { spellings, telling } from './telling.test-support.ts';

const id = '10000000-0000-4000-8000-000000000001';
const label = (attribute: string, value: string): string => `/MSIP_Label_${id}_${attribute}(${value})`;

describe('a labelled PDF that says much of itself', () => {
  it('states its label in the wrapper, and nothing else of what stood beside it', async () => {
    const original = tellingPdf(
      label('Enabled', 'true') + label('Name', 'Confidential') + label('SetDate', '2026-02-03T04:05:06Z'),
    );
    const authority = await memoryAuthority();
    const service = authority.as('alice@contoso.com');
    const sealed = await (await protect(original, { service, policy, name: 'a.pdf' })).bytes();
    const facts = await inspect(sealed);
    expect(facts).toMatchObject({ protected: true, format: 'pdf' });
    expect(facts.labels).toMatchObject([{ id, name: 'Confidential', enabled: true }]);
    const haystack = Buffer.from(sealed);
    expect(haystack.includes('<?xpacket')).toBe(true);
    expect(spellings().flatMap(([what, needle]) => (haystack.includes(needle) ? [what] : []))).toEqual([]);
    // All of it is there again for whoever may open it.
    const opened = await open(sealed, { service: authority.as('bob@contoso.com') });
    const plain = Buffer.from(await opened.bytes());
    const found = spellings().flatMap(([what, needle]) => (plain.includes(needle) ? [what] : []));
    for (const what of Object.keys(telling))
      expect(
        found.some((spelling) => spelling.startsWith(`${what} in`)),
        what,
      ).toBe(true);
  });
});
