import { describe, expect, it } from 'vitest';
import { bracedGuid, normalizeGuid, parseGuid, randomGuid } from './guid.ts';

const plain = '9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41';

describe('a GUID', () => {
  it.each([plain, `{${plain}}`, plain.toUpperCase(), ` {${plain.toUpperCase()}} `])(
    'is read from %s',
    (text) => {
      expect(parseGuid(text)).toBe(plain);
      expect(bracedGuid(text)).toBe(`{${plain}}`);
    },
  );

  it.each([
    '',
    plain.slice(1),
    `{${plain}`,
    `${plain}}`,
    `{{${plain}}}`,
    plain.replaceAll('-', ''),
    `${plain}0`,
    'x',
  ])('is not read from %j', (text) => {
    expect(parseGuid(text)).toBeUndefined();
    expect(() => normalizeGuid(text, 'content id')).toThrow(/not a valid content id/);
  });

  it('comes out the same from the same random bytes, marked as version 4', () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => i);
    expect(randomGuid(() => bytes)).toBe('00010203-0405-4607-8809-0a0b0c0d0e0f');
    expect(bytes[6]).toBe(6);
    expect(parseGuid(randomGuid())).toBeDefined();
  });
});
