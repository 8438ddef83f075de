import { connect } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Authority } from '../../../src/authority/index.ts';
import { definePolicy } from '../../../src/index.ts';
import { createServer } from '../../../src/server/app.ts';
import { createTokenVerifier } from '../../../src/server/identity/index.ts';
import { listen } from '../../../src/server/listen.ts';
import { type HostileRequest, hostileRequest, type Loot } from './hostile-request.ts';
import { randomFrom } from './random.ts';

/** How much to try. */
export interface FuzzOptions {
  readonly authority: Authority;
  readonly runs: number;
  readonly seed: number;
  /** The share of requests that go over a real connection. */
  readonly socketShare: number;
  /** Requests under way at once. */
  readonly lanes?: number;
  readonly progress?: (done: number) => void | Promise<void>;
}

/** What came of it. */
export interface FuzzReport {
  readonly runs: number;
  /** How often each status came; 0 is a connection that ended without one. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** What must not happen: a status of 500, a rejected promise, an answer that is none. */
  readonly findings: readonly string[];
  readonly overSocket: number;
}

const issuer = 'https://login.contoso.com';
const partner = 'https://login.partner.example';
const audience = 'https://rms.contoso.com';

/** Sends hostile requests of signed-in people to a server over `authority` and looks for what must not happen. */
export async function fuzzServer(options: FuzzOptions): Promise<FuzzReport> {
  const { authority, runs, seed } = options;
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256' }] };
  const token = (email: string, iss = issuer): Promise<string> =>
    new SignJWT({ email, email_verified: true })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .setIssuer(iss)
      .setAudience(audience)
      .setSubject(email)
      .setIssuedAt()
      .setExpirationTime('12h')
      .sign(privateKey);
  const findings: string[] = [];
  const unlimited = { perSecond: 1e9, burst: 1e9 };
  const server = createServer({
    authority,
    url: audience,
    verifyToken: createTokenVerifier({
      issuers: [
        { issuer, audience: [audience], jwks, domains: ['contoso.com'] },
        {
          issuer: partner,
          audience: [audience],
          jwks,
          kind: 'partner',
          domains: ['partner.example'],
          people: ['partner.example'],
        },
      ],
    }),
    challenges: [{ authority: issuer, resource: audience, issuer }],
    facts: {
      Name: 'Fuzz',
      AuthorityId: authority.facts.id,
      KeySha256: authority.facts.keySha256,
      Version: '0',
      Issuers: [],
    },
    limits: { perCaller: unlimited, perAddress: unlimited },
    administration: { fetch: async (request) => new Response(await request.text(), { status: 202 }) },
    developmentIssuer: { fetch: async (request) => new Response(await request.text(), { status: 202 }) },
    log(line) {
      const { defect, route } = JSON.parse(line) as { defect?: string; route: string };
      if (defect !== undefined) findings.push(`${route}: ${defect}`);
    },
  });
  const listener = await listen(server, { port: 0 });

  const loot = await lootOf(
    authority,
    await Promise.all([
      token('alice@contoso.com'),
      token('alice@contoso.com'),
      token('bob@contoso.com'),
      token('max@partner.example', partner),
    ]),
  );
  const byStatus: Record<string, number> = {};
  let overSocket = 0;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < runs) {
      const run = next++;
      const random = randomFrom(seed * 1_000_003 + run);
      const request = hostileRequest(random, loot);
      const socket = random.chance(options.socketShare);
      if (socket) overSocket += 1;
      const status = await (socket ? sendRaw(listener.port, request) : sendDirectly(server, request)).catch(
        (error: unknown) => {
          findings.push(`run ${run}, ${request.kind}: ${String(error).slice(0, 200)}`);
          return -1;
        },
      );
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      if (status === 500)
        findings.push(`run ${run}, ${request.kind} ${request.method} ${request.path.slice(0, 60)}: 500`);
      await options.progress?.(run + 1);
    }
  };
  await Promise.all(Array.from({ length: options.lanes ?? 8 }, lane));
  if (!(await listener.stop(5_000))) findings.push('requests were still under way at the end');
  return { runs, byStatus, findings, overSocket };
}

async function lootOf(authority: Authority, tokens: readonly string[]): Promise<Loot> {
  const template = await authority.templates.create({
    names: [{ lcid: 1033, name: 'Staff', description: '' }],
    grants: [{ to: 'contoso.com', rights: 'Viewer' }],
  });
  const policy = definePolicy({ grants: [{ to: 'contoso.com', rights: 'Viewer' }] });
  const { publishingLicense, contentId } = await authority.as('alice@contoso.com').publish({ policy });
  return { tokens, license: publishingLicense, contentId, templateId: template.id };
}

async function sendDirectly(
  server: ReturnType<typeof createServer>,
  { method, path, headers, body }: HostileRequest,
): Promise<number> {
  let request: Request;
  try {
    const sent = new Headers();
    for (const [name, value] of headers) sent.append(name, value);
    request = new Request(`${audience}${path}`, {
      method,
      headers: sent,
      ...(method !== 'GET' && method !== 'HEAD' && body !== undefined && { body: new Uint8Array(body) }),
    });
  } catch {
    // Nothing that could be sent: the runtime refuses to build it.
    return 0;
  }
  const response = await server.fetch(request, { address: '198.51.100.7' });
  const text = await response.text();
  if (response.headers.get('content-type')?.includes('json') === true && text !== '') JSON.parse(text);
  return response.status;
}

/** Writes the request as it is, however little of HTTP is left of it. */
async function sendRaw(port: number, { method, path, headers, body }: HostileRequest): Promise<number> {
  const own = headers.some(([name]) => name === 'content-length' || name === 'transfer-encoding');
  const lines = [
    `${method} ${path.replace(/[\u0080-\uffff]/g, '?')} HTTP/1.1`,
    ...(headers.some(([name]) => name === 'host') ? [] : ['host: localhost']),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body !== undefined && !own ? [`content-length: ${body.length}`] : []),
    'connection: close',
  ];
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (data) => {
    if (received.length < 64) received += data.toString('latin1');
  });
  socket.on('error', () => undefined);
  // A length that promises more than is sent leaves the server waiting, as it should; it need not hold up the run.
  socket.setTimeout(300, () => socket.destroy());
  socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  if (body !== undefined) socket.write(body);
  // A server may well reset a connection that it has refused.
  await new Promise((resolve) => socket.once('close', resolve));
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(received)?.[1] ?? 0);
}
