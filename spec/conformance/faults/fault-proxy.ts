import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomFrom } from '../server-fuzz/random.ts';
import {
  type Fault,
  nextFault,
  type Passage,
  reachesServer,
  retryAfterSeconds,
  sentHeader,
  sharedTime,
} from './faults.ts';

/**
 * A process between client and server that lets some requests go wrong, and notes when each came and was over. Tells its
 * port when it listens, and what it noted when it is asked.
 */
const [, , upstreamPort = '', seed = ''] = process.argv;
const random = randomFrom(Number(seed));
const agent = new Agent({ keepAlive: true });
const passages: Passage[] = [];
/** Headers of one connection, not of the request or the answer. */
const ofConnection = ['connection', 'keep-alive', 'transfer-encoding', sentHeader];

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly body: Buffer;
}

const proxy = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
  const arrived = sharedTime();
  const { headers } = incoming;
  const [letGoAfter = Number.NaN, sent = Number.NaN] = String(headers[sentHeader]).split(' ').map(Number);
  const passage: Passage = {
    letGoAfter,
    sent,
    arrived,
    over: Number.POSITIVE_INFINITY,
    path: incoming.url ?? '',
    requestId: String(headers['x-ms-rms-request-id']),
    signedIn: headers.authorization !== undefined,
    fault: nextFault(random),
  };
  passages.push(passage);
  carry(incoming, outgoing, passage).catch(() => drop(outgoing, passage));
});

async function carry(incoming: IncomingMessage, outgoing: ServerResponse, passage: Passage): Promise<void> {
  const { fault } = passage;
  if (fault === 'dropped-unread') return drop(outgoing, passage);
  const body = await bytesOf(incoming);
  if (!reachesServer(fault)) {
    if (fault === 'dropped-unanswered') return drop(outgoing, passage);
    return give(outgoing, passage, refusal(fault));
  }
  // Fails when the server is down, which to the client is one more dropped connection.
  const answer = await passOn(incoming, body);
  passage.served = answer.status;
  if (fault === 'dropped-answered') return drop(outgoing, passage);
  if (fault === 'dropped-halfway') return giveHalf(outgoing, passage, answer);
  give(outgoing, passage, fault === 'unavailable-answered' ? refusal(fault) : answer);
}

const refusal = (fault: Fault): Answer => ({
  status: fault === 'throttled' ? 429 : 503,
  headers:
    fault === 'throttled' || fault === 'unavailable-later'
      ? { 'retry-after': String(retryAfterSeconds) }
      : {},
  body: Buffer.from(JSON.stringify({ Message: 'Come again.' })),
});

function give(outgoing: ServerResponse, passage: Passage, { status, headers, body }: Answer): void {
  passage.answered = status;
  // Before the client can know: what the proxy calls under way, the client cannot call over.
  passage.over = sharedTime();
  outgoing.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
}

function giveHalf(outgoing: ServerResponse, passage: Passage, { status, headers, body }: Answer): void {
  outgoing.writeHead(status, { ...headers, 'content-length': body.length });
  outgoing.write(body.subarray(0, body.length / 2), () => drop(outgoing, passage));
}

function drop({ socket }: ServerResponse, passage: Passage): void {
  passage.over = sharedTime();
  if (random.chance(0.5)) socket?.resetAndDestroy();
  else socket?.destroy();
}

function passOn(incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).filter(([name]) => !ofConnection.includes(name)),
    );
    const options = {
      port: Number(upstreamPort),
      method: incoming.method,
      path: incoming.url,
      headers,
      agent,
    };
    request({ host: '127.0.0.1', ...options }, (response) => {
      bytesOf(response).then(
        (answered) =>
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(response.headers).filter(
                (each): each is [string, string | string[]] =>
                  each[1] !== undefined && !ofConnection.includes(each[0]),
              ),
            ),
            body: answered,
          }),
        reject,
      );
    })
      .on('error', reject)
      .end(body);
  });
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

process.on('message', () => process.send?.(passages));
process.on('disconnect', () => process.exit());
proxy.listen(0, '127.0.0.1', () => process.send?.((proxy.address() as AddressInfo).port));
