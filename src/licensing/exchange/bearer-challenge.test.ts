import { describe, expect, it } from 'vitest';
import { encodeBase64, encodeUtf8 } from '../../bytes/index.ts';
import { allowedServices } from './allowed-services.ts';
import { bearerChallenge, challengeError } from './bearer-challenge.ts';

const url = new URL('https://rms.contoso.com/my/v2/templates');
const allowed = allowedServices({
  named: ['https://rms.contoso.com'],
  trust: { authorities: ['https://login.contoso.com/tenant'] },
});
const authority = 'https://login.contoso.com/tenant/authorize';
const read = (header: string | null, at = url) => bearerChallenge(header, at, allowed);

describe('bearerChallenge', () => {
  it('takes the realm for the scope where there is a resource, and for the resource where there is none', () => {
    expect(read(`Bearer authorization="${authority}", resource="api://x", realm="r"`)).toEqual({
      authority,
      resource: 'api://x',
      scope: 'r',
      claims: undefined,
    });
    expect(read(`Bearer authorization_uri="${authority}", realm="r", scope="s"`)).toMatchObject({
      resource: 'r',
      scope: 's',
    });
    expect(read(`Bearer authorization="${authority}"`)).toMatchObject({
      resource: 'rms.contoso.com:443',
      scope: undefined,
    });
  });

  it('reads claims as JSON and as base64 of it, with either alphabet', () => {
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1~?>>"}}}';
    const base64 = encodeBase64(encodeUtf8(claims));
    const urlSafe = base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    for (const spelled of [claims.replaceAll('"', '\\"'), base64, urlSafe])
      expect(read(`Bearer authorization="${authority}", claims="${spelled}"`)?.claims).toBe(claims);
    expect(() => read(`Bearer authorization="${authority}", claims="%%%"`)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_ANSWER' }),
    );
  });

  it('finds no challenge where there is no authority', () => {
    for (const header of [null, '', 'Basic realm="x"', 'Bearer realm="x"', 'Bearer'])
      expect(read(header)).toBeUndefined();
  });

  it('takes the first challenge with an allowed authority, and refuses if there is none', () => {
    const foreign = 'Bearer authorization="https://login.evil.example"';
    expect(read(`${foreign}, Bearer authorization="${authority}"`)).toMatchObject({ authority });
    expect(() => read(foreign)).toThrow(
      expect.objectContaining({
        code: 'UNTRUSTED_SERVICE',
        details: { reason: 'authority-not-allowed', host: 'login.evil.example' },
      }),
    );
  });

  it('gives no token for the cloud to a service outside of it', () => {
    for (const resource of [
      'https://aadrm.com',
      'https://graph.microsoft.com',
      'HTTPS://Graph.Microsoft.com:443/x',
      'graph.microsoft.com.',
      '00000003-0000-0000-c000-000000000000',
      'spn:00000012-0000-0000-C000-000000000000',
    ]) {
      const refusal = expect.objectContaining({
        details: expect.objectContaining({ reason: 'resource-not-allowed' }),
      });
      expect(() => read(`Bearer authorization="${authority}", resource="${resource}"`)).toThrow(refusal);
      expect(() => read(`Bearer authorization="${authority}", scope="openid ${resource}/.default"`)).toThrow(
        refusal,
      );
    }
    const cloud = new URL('https://api.aadrm.com/my/v2/servicediscovery');
    const header = 'Bearer authorization="https://login.windows.net/common", resource="https://aadrm.com"';
    expect(read(header, cloud)).toMatchObject({ resource: 'https://aadrm.com' });
  });
});

describe('challengeError', () => {
  it('gives a word and a sentence, without anything that may be a token', () => {
    const token = 'eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJhdWQiOiJ4In0.AbCdEf';
    expect(
      challengeError(`Bearer error="invalid_token", error_description="bad \u0007token ${token} expired"`),
    ).toEqual({ error: 'invalid_token', description: 'bad token … expired' });
    expect(challengeError(null)).toEqual({ error: undefined, description: undefined });
  });
});
