import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, connect as startTls, type TLSSocket } from 'node:tls';
import { codeOf, type Examination, span } from './examination.ts';
import { type Finding, finding } from './finding.ts';
import type { Verdict } from './verdicts.ts';

const versionCodes = /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS|VERSION_TOO_LOW|LEGACY/;
const notTlsCodes = /WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH|BAD_RECORD_TYPE|UNEXPECTED_MESSAGE/;
const brokenCodes = /^(ECONNRESET|EPIPE|ECONNABORTED|ETIMEDOUT|ABORT_ERR|)$/;

/**
 * Starts TLS and leaves it open for a look at the certificate. Nothing is sent on this connection, so it may be one that
 * would not be trusted; the client's own certificate stays out of it.
 */
export async function checkTls(
  examination: Examination,
  socket: Socket,
  again: () => Promise<Socket>,
): Promise<{ readonly finding: Finding; readonly tls: TLSSocket | undefined }> {
  const { target, network, limit, options } = examination;
  const tried = 'begin TLS, offering versions 1.2 and 1.3';
  try {
    const tls = await begin(examination, socket, network.tls.proxy, limit());
    const version = tls.getProtocol()?.replace('TLSv', 'TLS ') ?? 'TLS';
    const cipher = tls.getCipher().standardName;
    const seen = `${version}, ${cipher}`;
    return { tls, finding: finding(target, 'tls-current', { tried, seen, facts: { version, cipher } }) };
  } catch (error) {
    options.signal?.throwIfAborted();
    socket.destroy();
    const code = codeOf(error);
    const old = versionCodes.test(code) ? await oldVersion(examination, again) : undefined;
    const verdict = old === undefined ? verdictOf(code) : 'tls-too-old';
    const seen = old === undefined ? seenOf(code, examination) : `refused; ${old} would be accepted`;
    const facts = { code, ...(old !== undefined && { version: old }) };
    return { tls: undefined, finding: finding(target, verdict, { tried, seen, facts }) };
  }
}

function seenOf(code: string, { timeout }: Examination): string {
  if (code === 'ABORT_ERR' || code === '') return `nothing within ${span(timeout)}`;
  return brokenCodes.test(code) ? `the connection was broken off (${code})` : code;
}

function verdictOf(code: string): Verdict {
  if (versionCodes.test(code)) return 'tls-too-old';
  if (notTlsCodes.test(code)) return 'tls-not-spoken';
  return brokenCodes.test(code) ? 'tls-broken-off' : 'tls-failed';
}

/** Finds out which old version it is, on a connection of its own on which nothing is sent. */
async function oldVersion(
  examination: Examination,
  again: () => Promise<Socket>,
): Promise<string | undefined> {
  const context = createSecureContext({
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  try {
    const tls = await begin(examination, await again(), context, examination.limit());
    const version = tls.getProtocol();
    tls.destroy();
    return version === 'TLSv1' ? 'TLS 1.0' : 'TLS 1.1';
  } catch {
    return undefined;
  }
}

async function begin(
  { hostname }: Examination,
  socket: Socket,
  secureContext: SecureContext,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const tls = startTls({
    socket,
    host: hostname,
    servername: isIP(hostname) === 0 ? hostname : '',
    secureContext,
    // What is wrong with the certificate is said by the next check.
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
  });
  try {
    await once(tls, 'secureConnect', { signal });
    tls.on('error', () => {});
    return tls;
  } catch (error) {
    tls.on('error', () => {});
    tls.destroy();
    throw error;
  }
}
