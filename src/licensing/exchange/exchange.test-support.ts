import { createExchange } from './create-exchange.ts';
import type { ExchangeOptions } from './exchange.ts';

/** What the scripted service was sent. */
export interface SentRequest {
  readonly url: URL;
  readonly method: string;
  readonly body: string | undefined;
  readonly headers: Headers;
  readonly token: string | undefined;
  readonly init: RequestInit;
}

/** Answers one request; a thrown error is a broken network. */
export type Script = (request: SentRequest, index: number) => Response | Promise<Response>;

export const service = 'https://rms.contoso.com';
export const authority = 'https://login.contoso.com/common';
export const url = new URL(`${service}/my/v2/templates`);

/** A 401 with the service's challenge. */
export const challenged = (more = '', body: unknown = {}): Response =>
  Response.json(body, {
    status: 401,
    headers: { 'www-authenticate': `Bearer authorization="${authority}", resource="api://rms"${more}` },
  });

/** A service that wants a token, and then does as told. */
export const signedIn =
  (script: Script): Script =>
  (request, index) =>
    request.token === undefined ? challenged() : script(request, index);

export const status = (code: number, headers: Record<string, string> = {}, body: unknown = {}): Response =>
  Response.json(body, { status: code, headers });

export const broken = (code: string): never => {
  throw new TypeError('fetch failed', { cause: { code } });
};

/** An exchange with a scripted service, whose waits take no time and are kept. */
export function scripted(script: Script, options: Partial<ExchangeOptions> = {}) {
  const sent: SentRequest[] = [];
  const waits: number[] = [];
  let time = Date.UTC(2026, 0, 1);
  let tokens = 0;
  const exchange = createExchange({
    tokens: async () => `token-${++tokens}`,
    named: [service],
    now: () => new Date(time),
    random: () => 0.5,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      waits.push(milliseconds);
      time += milliseconds;
    },
    fetch: async (target, init = {}) => {
      const headers = new Headers(init.headers);
      const token = headers.get('authorization')?.replace('Bearer ', '');
      const { method = 'GET', body } = init;
      const request = {
        url: new URL(String(target)),
        method,
        headers,
        token,
        init,
        body: body as string | undefined,
      };
      return script(request, sent.push(request) - 1);
    },
    ...options,
    trust: { authorities: ['https://login.contoso.com'], ...options.trust },
  });
  return { exchange, sent, waits };
}
