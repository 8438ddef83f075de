import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChallenges } from './challenge-header.ts';

const plain = (header: string) =>
  readChallenges(header).map(({ scheme, token68, parameters }) => ({
    scheme,
    ...(token68 === undefined ? {} : { token68 }),
    ...Object.fromEntries(parameters),
  }));

describe('readChallenges', () => {
  it('reads the challenge of the protocol', () => {
    expect(
      plain(
        'Bearer resource="https://aadrm.com", authorization="https://login.windows.net/common/oauth2/authorize", realm="https://aadrm.com"',
      ),
    ).toEqual([
      {
        scheme: 'bearer',
        resource: 'https://aadrm.com',
        authorization: 'https://login.windows.net/common/oauth2/authorize',
        realm: 'https://aadrm.com',
      },
    ]);
  });

  it('keeps commas, equals signs and escaped quotes of quoted strings', () => {
    expect(plain('BEARER Realm = "a, b=c \\"d\\" \\\\" , claims="{\\"a\\":[1,2]}"')).toEqual([
      { scheme: 'bearer', realm: 'a, b=c "d" \\', claims: '{"a":[1,2]}' },
    ]);
  });

  it('tells several challenges apart, with credentials and with nothing', () => {
    expect(plain('Negotiate, Basic realm="x", Negotiate YWJj==, , Bearer a=1,b="2", NTLM')).toEqual([
      { scheme: 'negotiate' },
      { scheme: 'basic', realm: 'x' },
      { scheme: 'negotiate', token68: 'YWJj==' },
      { scheme: 'bearer', a: '1', b: '2' },
      { scheme: 'ntlm' },
    ]);
  });

  it('reads addresses that a service left without quotes, and empty values', () => {
    expect(plain('Bearer authorization_uri=https://login.windows.net/common?a=b, realm="", scope=')).toEqual([
      {
        scheme: 'bearer',
        authorization_uri: 'https://login.windows.net/common?a=b',
        realm: '',
        scope: '',
      },
    ]);
  });

  it('takes the first of two values for one name, and nothing from a string without an end', () => {
    expect(plain('Bearer a="1", A="2", b="x, c=3')).toEqual([{ scheme: 'bearer', a: '1' }]);
  });

  it('refuses a header that is too long', () => {
    expect(() => readChallenges(`Bearer a="${'x'.repeat(20_000)}"`)).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    );
  });

  it('gives back every well-formed list of challenges', () => {
    const token = fc.stringMatching(/^[a-z!#$%&'*+.^_`|~-][a-z0-9!#$%&'*+.^_`|~-]{0,8}$/);
    const value = fc.string({ unit: 'grapheme-ascii', maxLength: 20 });
    const challenge = fc.record({
      scheme: token,
      parameters: fc.uniqueArray(fc.tuple(token, value), { selector: ([name]) => name, maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.array(challenge, { minLength: 1, maxLength: 4 }), (challenges) => {
        const header = challenges
          .map(({ scheme, parameters }) => {
            const list = parameters.map(([name, text]) => `${name}="${text.replace(/["\\]/g, '\\$&')}"`);
            return list.length === 0 ? scheme : `${scheme.toUpperCase()} ${list.join(' ,\t')}`;
          })
          .join(', ');
        expect(
          readChallenges(header).map(({ scheme, parameters }) => ({ scheme, parameters: [...parameters] })),
        ).toEqual(challenges);
      }),
    );
  });

  it('never fails otherwise, and ends quickly, whatever it is given', () => {
    const piece = fc.constantFrom('"', '\\', ',', '=', ' ', 'Bearer', 'a', '\t', 'é', '==', '\u0000');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 3000 }), (pieces) => {
        expect(Array.isArray(readChallenges(pieces.join('').slice(0, 16_000)))).toBe(true);
      }),
    );
  });
});
