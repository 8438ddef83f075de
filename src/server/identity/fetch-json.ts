import { SealwrightError } from '../../errors.ts';
import { issuerFailed } from './token-refused.ts';

const maxBytes = 512 * 1024;
const timeout = 10_000;

/** Gets a JSON object from an issuer: no redirects, bounded in time and size. Throws `SERVICE_UNAVAILABLE`. */
export async function fetchJson(
  fetch: typeof globalThis.fetch,
  url: URL,
  what: string,
): Promise<Readonly<Record<string, unknown>>> {
  const signal = AbortSignal.timeout(timeout);
  let text: string;
  try {
    const response = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'error', signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw issuerFailed('issuer-answer', url, `${what} answered with status ${response.status}`);
    }
    text = await boundedText(response, url, what, signal);
  } catch (error) {
    if (error instanceof SealwrightError) throw error;
    throw issuerFailed('issuer-unreachable', url, `${what} could not be reached`, error);
  }
  const value = parseObject(text);
  if (value === undefined) throw issuerFailed('issuer-answer', url, `${what} is not a JSON object`);
  return value;
}

async function boundedText(response: Response, url: URL, what: string, signal: AbortSignal): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  // An injected fetch may give a body that ignores the signal.
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    for (;;) {
      const { value, done } = await Promise.race([reader.read(), ended]);
      if (done) return text + decoder.decode();
      length += value.length;
      if (length > maxBytes)
        throw issuerFailed('issuer-answer', url, `${what} is longer than ${maxBytes} bytes`);
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** A JSON object, or `undefined` for anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
