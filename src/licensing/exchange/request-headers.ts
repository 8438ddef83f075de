import { SealwrightError } from '../../errors.ts';
import type { ServiceRequest } from './exchange.ts';
import { hasBody } from './has-body.ts';

/** What every request of one `send` has in common. */
export interface HeaderFacts {
  readonly requestId: string;
  readonly platformId: string;
}

/** Headers the exchange alone decides about. */
const reserved = new Set(['authorization', 'cookie', 'host', 'content-length', 'proxy-authorization']);

/**
 * The headers of a request without its token (spec/rest.md, "Headers"). Throws `INVALID_ARGUMENT` for a name or value that is no
 * header.
 */
export function requestHeaders(
  request: Pick<ServiceRequest, 'method' | 'body' | 'headers'>,
  facts: HeaderFacts,
  more: Readonly<Record<string, string>> = {},
): Headers {
  const headers = new Headers({
    accept: 'application/json',
    'x-ms-rms-request-id': facts.requestId,
    'x-ms-rms-platform-id': facts.platformId,
  });
  if (hasBody(request)) headers.set('content-type', 'application/json');
  for (const [name, value] of [...Object.entries(request.headers ?? {}), ...Object.entries(more)]) {
    // The runtime's own error would repeat the value.
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        `The request header ${JSON.stringify(name.slice(0, 50))} cannot be sent: it holds a line break or a character that headers do not have.`,
      );
    if (reserved.has(name.toLowerCase()))
      throw new SealwrightError('INVALID_ARGUMENT', `The request header ${name} is not the caller's to set.`);
    headers.set(name, value);
  }
  return headers;
}
