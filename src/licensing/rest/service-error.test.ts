import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../errors.ts';
import { serviceError } from './service-error.ts';
import type { RestOperation } from './service-error-table.ts';

const answerOf = (status: number, json: unknown = undefined, headers: Record<string, string> = {}) => ({
  status,
  json,
  headers: new Headers(headers),
  url: new URL('https://rms.contoso.com/my/v2/enduserlicenses'),
  requestId: 'r-1',
});
const errorOf = (status: number, json?: unknown, operation: RestOperation = 'acquire') =>
  serviceError(answerOf(status, json), operation);

describe('errors of a service', () => {
  it.each([
    [400, 'SERVICE_REFUSED', 'bad-request'],
    [401, 'AUTHENTICATION_FAILED', 'token-refused'],
    [402, 'SERVICE_REFUSED', 'bad-request'],
    [403, 'SERVICE_REFUSED', 'forbidden'],
    [404, 'SERVICE_UNAVAILABLE', 'not-found'],
    [405, 'SERVICE_UNAVAILABLE', 'not-found'],
    [407, 'PROXY_FAILED', 'proxy-sign-in'],
    [408, 'TIMED_OUT', 'request-timeout'],
    [413, 'LIMIT_EXCEEDED', 'request-too-large'],
    [424, 'SERVICE_UNAVAILABLE', 'customer-key-unreachable'],
    [429, 'THROTTLED', 'too-many-requests'],
    [500, 'SERVICE_UNAVAILABLE', 'server-error'],
    [501, 'UNSUPPORTED_BY_SERVICE', 'not-implemented'],
    [502, 'SERVICE_UNAVAILABLE', 'bad-gateway'],
    [503, 'SERVICE_UNAVAILABLE', 'busy'],
    [504, 'SERVICE_UNAVAILABLE', 'gateway-timeout'],
    [511, 'SERVICE_UNAVAILABLE', 'server-error'],
    [204, 'MALFORMED_ANSWER', 'unexpected-status'],
    [302, 'MALFORMED_ANSWER', 'unexpected-status'],
  ])('status %i is %s', (status, code, reason) => {
    expect(errorOf(status)).toMatchObject({
      code,
      details: { reason, status, host: 'rms.contoso.com', requestId: 'r-1' },
    });
  });

  it.each([
    ['UnrecognizedUrlException', 'SERVICE_REFUSED', 'unknown-server'],
    ['UnknownTenantException', 'SERVICE_REFUSED', 'unknown-organization'],
    ['BadInputException', 'MALFORMED_LICENSE', 'bad-input'],
    ['ServiceDisabledException', 'SERVICE_REFUSED', 'service-disabled'],
    ['ServiceDisabledForApplicationException', 'SERVICE_REFUSED', 'application-disabled'],
    ['NotSignedUpException', 'SERVICE_REFUSED', 'not-signed-up'],
    ['DevicePlatformNotRecognizedException', 'SERVICE_REFUSED', 'device-not-recognized'],
    ['DevicePlatformDisabledException', 'SERVICE_REFUSED', 'device-disabled'],
  ])('the code %s is %s, in any case and under any status', (name, code, reason) => {
    const full = `Microsoft.RightsManagement.Exceptions.${name}`;
    for (const status of [400, 403, 500])
      for (const spelling of [full, full.toUpperCase(), full.toLowerCase()])
        expect(errorOf(status, { Code: spelling, Message: 'No.' })).toMatchObject({
          code,
          details: { reason, status },
        });
  });

  it('takes bad input for a bad license only where a license was sent', () => {
    const body = { Code: 'Microsoft.RightsManagement.Exceptions.BadInputException' };
    expect(errorOf(400, body, 'register').code).toBe('MALFORMED_LICENSE');
    expect(errorOf(400, body, 'publish').code).toBe('INVALID_ARGUMENT');
    expect(errorOf(400, body, 'list-templates').code).toBe('INVALID_ARGUMENT');
  });

  it('names a code that is not known, and goes by the status', () => {
    const error = errorOf(400, { Code: 'Microsoft.RightsManagement.Exceptions.NovelException' });
    expect(error).toMatchObject({
      code: 'SERVICE_REFUSED',
      details: { field: 'Code', reason: 'bad-request' },
    });
    expect(error.message).toContain('NovelException');
    expect(errorOf(500, { Code: 'BadInputException' }).code).toBe('SERVICE_UNAVAILABLE');
    expect(errorOf(400, { Code: 'Microsoft.RightsManagement.Exceptions.toString' }).code).toBe(
      'SERVICE_REFUSED',
    );
  });

  it.each([[undefined], [null], ['text'], [[]], [{ Code: 7, Message: {} }], [{ Sealwright: 'x' }]])(
    'goes by the status where the body is %j',
    (json) => expect(errorOf(500, json)).toMatchObject({ code: 'SERVICE_UNAVAILABLE' }),
  );

  it('takes over what a server of ours says', () => {
    const error = errorOf(403, {
      Code: 'Sealwright.AccessDeniedException',
      Message: 'Only who protected a content may revoke it.',
      Sealwright: {
        Code: 'ACCESS_DENIED',
        Rule: 'not-issuer',
        Right: 'EXPORT',
        Referrer: 'help@contoso.com',
        Reason: 'some-reason',
      },
    });
    expect(error.message).toBe('Only who protected a content may revoke it.');
    expect(error).toMatchObject({
      code: 'ACCESS_DENIED',
      details: { rule: 'not-issuer', right: 'EXPORT', referrer: 'help@contoso.com', reason: 'some-reason' },
    });
  });

  it('does not let a service throw a code that the operation cannot end with', () => {
    const possible = (operation: RestOperation) =>
      errorCodes.filter((Code) => errorOf(400, { Sealwright: { Code } }, operation).code === Code);
    expect(possible('revoke')).toContain('CONTENT_NOT_FOUND');
    for (const operation of ['acquire', 'publish', 'revoke', 'list-templates', 'client-licensor'] as const)
      for (const nonsense of [
        'NO_SPACE',
        'OUTPUT_EXISTS',
        'PROXY_FAILED',
        'UNTRUSTED_SERVICE',
        'FILE_NOT_FOUND',
      ])
        expect(possible(operation)).not.toContain(nonsense);
    expect(possible('list-templates')).not.toContain('MALFORMED_LICENSE');
    expect(errorOf(400, { Sealwright: { Code: 'constructor' } }).code).toBe('SERVICE_REFUSED');
  });

  it('shows no text of a service that is unfit for a person', () => {
    for (const Message of ['a\u001b[31mb', 'line\nline', 'x'.repeat(10_000), 7]) {
      const error = errorOf(403, {
        Message,
        Sealwright: { Code: 'ACCESS_DENIED', Referrer: 'javascript:alert(1)', Rule: 'A B' },
      });
      expect(error.message).toBe('The service rms.contoso.com refuses the request (ACCESS_DENIED).');
      expect(error.details.referrer).toBeUndefined();
      expect(error.details.rule).toBeUndefined();
    }
  });

  it('passes on when the service wants to be asked again', () => {
    expect(
      serviceError(answerOf(429, undefined, { 'Retry-After': '30' }), 'acquire').details.retryAfter,
    ).toBe(30);
    expect(
      serviceError(answerOf(429, undefined, { 'Retry-After': 'soon' }), 'acquire').details.retryAfter,
    ).toBeUndefined();
  });
});
