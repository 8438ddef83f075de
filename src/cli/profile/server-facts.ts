import { SealwrightError } from '../../errors.ts';
import type { ServerFactsMessage } from '../../licensing/index.ts';
import { codeOf } from '../doctor/examination.ts';

const longestDescription = 64 * 1024;

/**
 * Asks a Sealwright server how to sign in. `undefined` where the service is no Sealwright server: then the issuer and
 * the client have to be named.
 */
export async function askServer(
  service: string,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
): Promise<ServerFactsMessage | undefined> {
  const url = new URL('/.well-known/sealwright', service);
  const patience = AbortSignal.any([signal, AbortSignal.timeout(20_000)]);
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { accept: 'application/json' },
      redirect: 'manual',
      signal: patience,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SealwrightError) throw error;
    throw new SealwrightError(
      'SERVICE_UNAVAILABLE',
      `${url.origin} ${unreachable(error)} "sealwright doctor --service ${url.origin}" finds out more.`,
      { host: url.host, cause: error },
    );
  }
  if (response.status !== 200) {
    await response.body?.cancel();
    return undefined;
  }
  return parseServerFacts(await boundedText(response));
}

const notTls = /^ERR_SSL_(?:WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH|INVALID_RECORD)/;
const untrusted = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY)_|ERR_TLS_CERT_)/;

/** Ends the sentence "ADDRESS …", and says what to do. */
function unreachable(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOTFOUND') return 'has no address: nobody knows this name. Check its spelling.';
  if (code === 'ECONNREFUSED')
    return 'refuses the connection: nothing listens there. Check host and port, and whether the server runs.';
  if (notTls.test(code)) return 'does not speak TLS. If it is your own machine, write http:// for https://.';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'shows a certificate of another host. Check the name in the URL.';
  if (untrusted.test(code))
    return 'shows a certificate that is not trusted here. If it is your own, add its authority with --ca FILE.';
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET')
    return 'broke off the connection. If it serves HTTPS, write https:// for http://.';
  return 'does not answer. Check the URL and whether the server runs.';
}

async function boundedText(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > longestDescription) return '';
  }
  return text;
}

/** Keeps what a server says of itself if it makes sense. */
export function parseServerFacts(text: string): ServerFactsMessage | undefined {
  try {
    const value = JSON.parse(text) as Partial<ServerFactsMessage> | null;
    const issuers = value?.Issuers;
    if (!Array.isArray(issuers) || typeof value?.Name !== 'string') return undefined;
    if (typeof value.KeySha256 !== 'string' || !/^[0-9a-f]{64}$/.test(value.KeySha256)) return undefined;
    const isText = (field: unknown): boolean => field === undefined || typeof field === 'string';
    const sane = issuers.every(
      (each: unknown) =>
        typeof each === 'object' &&
        each !== null &&
        'Issuer' in each &&
        typeof each.Issuer === 'string' &&
        ['ClientId', 'Scope', 'Resource'].every((name) => isText((each as Record<string, unknown>)[name])),
    );
    return sane ? (value as ServerFactsMessage) : undefined;
  } catch {
    return undefined;
  }
}
