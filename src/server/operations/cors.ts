import type { AnswerHeaders } from '../answer.ts';

const allowed = 'authorization, content-type, accept-language, x-ms-rms-request-id, x-ms-rms-platform-id';
const exposed = 'www-authenticate, retry-after, x-request-id';

/**
 * Headers for pages of other origins (spec/server.md, "Browsers"): off unless the origin is configured. Credentials of the browser
 * are never asked for, since tokens come in a header.
 */
export function corsHeaders(origins: ReadonlySet<string>, request: Request): AnswerHeaders | undefined {
  if (origins.size === 0) return undefined;
  const origin = request.headers.get('origin');
  if (origin === null || !origins.has(origin)) return { vary: 'Origin' };
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': exposed,
  };
}

/** What a preflight is answered beside {@link corsHeaders}. */
export const preflightHeaders: AnswerHeaders = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers': allowed,
  'access-control-max-age': '7200',
};
