import { type Authority, createAuthority, createMemoryStore } from '../authority/index.ts';
import { SealwrightError } from '../errors.ts';
import { custodianFromPkcs8, generateRsaKey } from '../license/index.ts';
import { createServer } from './app.ts';
import type { Caller, VerifyToken } from './caller.ts';
import type { Connection, Server, ServerOptions } from './server-options.ts';

export const origin = 'https://rms.contoso.com';

let key: Promise<Uint8Array> | undefined;

/** An authority in memory; its key is made once for all tests of a file. */
export async function memoryAuthority(now?: () => Date): Promise<Authority> {
  key ??= generateRsaKey(2048);
  const custodian = await custodianFromPkcs8(Uint8Array.from(await key));
  return createAuthority({ store: createMemoryStore(), custodian, name: 'Contoso', now });
}

/** A token is the name of somebody: `alice`, `partner:max`, or `bad:` and the reason for which it is refused. */
export const namedTokens: VerifyToken = async (token) => {
  const [kind = '', name = ''] = token.includes('.') ? token.split('.') : ['home', token];
  if (kind === 'bad')
    throw new SealwrightError('AUTHENTICATION_FAILED', 'The token is "no" good.', { reason: name });
  const home = kind === 'home';
  const domain = home ? 'contoso.com' : 'partner.example';
  return {
    identity: { email: `${name}@${domain}` },
    issuer: `https://login.${domain}`,
    subject: name,
    home,
    roles: new Set(),
  } satisfies Caller;
};

export const challenges: ServerOptions['challenges'] = [
  {
    authority: 'https://login.contoso.com/authorize',
    resource: 'https://rms.contoso.com',
    issuer: 'https://login.contoso.com',
    domains: ['contoso.com'],
  },
  {
    authority: 'https://login.partner.example/authorize',
    resource: 'https://rms.contoso.com',
    scope: 'rms/.default',
    issuer: 'https://login.partner.example',
    domains: ['partner.example'],
  },
];

export interface Stage {
  readonly authority: Authority;
  readonly server: Server;
  readonly lines: Record<string, unknown>[];
  /** Sends a request with the token of `who` and gives status, headers and parsed body. */
  send(path: string, options?: SendOptions): Promise<Sent>;
}

export interface SendOptions {
  readonly who?: string | undefined;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connection?: Connection;
}

export interface Sent {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** A server over an authority in memory. */
export async function stage(options: Partial<ServerOptions> = {}): Promise<Stage> {
  const authority = options.authority ?? (await memoryAuthority(options.now));
  const lines: Record<string, unknown>[] = [];
  const server = createServer({
    authority,
    verifyToken: namedTokens,
    url: origin,
    challenges,
    facts: {
      Name: 'Contoso',
      AuthorityId: authority.facts.id,
      KeySha256: authority.facts.keySha256,
      Version: '0',
      Issuers: [],
    },
    log: (line) => lines.push(JSON.parse(line)),
    ...options,
  });
  return {
    authority,
    server,
    lines,
    async send(path, { who, body, method, headers, connection } = {}) {
      const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
      const response = await server.fetch(
        new Request(`${origin}${path}`, {
          method: method ?? (body === undefined ? 'GET' : 'POST'),
          headers: {
            ...(who !== undefined && { authorization: `Bearer ${who}` }),
            ...(body !== undefined && { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(text !== undefined && { body: text }),
        }),
        connection,
      );
      const answered = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
      return {
        status: response.status,
        headers: response.headers,
        body: isJson && answered !== '' ? JSON.parse(answered) : answered,
      };
    },
  };
}
