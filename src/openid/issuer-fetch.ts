import type { CustomFetch } from 'openid-client';
import { SealwrightError } from '../errors.ts';
import { isLoopbackHost } from '../licensing/index.ts';

/** Bytes of an answer; a discovery document has some 5 KB. */
const longestAnswer = 1024 * 1024;

/** What {@link issuerFetch} needs. */
export interface IssuerFetchOptions {
  readonly fetch: typeof globalThis.fetch;
  /** Plain HTTP to this machine itself is allowed. */
  readonly insecureLoopback: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Whether tokens may travel to `url`: HTTPS, or this machine where the application allows that. */
export function isSafeAddress(url: URL, insecureLoopback: boolean): boolean {
  return (
    url.protocol === 'https:' ||
    (insecureLoopback && url.protocol === 'http:' && isLoopbackHost(url.hostname))
  );
}

/** Sends what the OpenID library wants to send: only to safe addresses, following no redirect, with bounded answers. */
export function issuerFetch({ fetch, insecureLoopback, signal }: IssuerFetchOptions): CustomFetch {
  return async (address, init) => {
    const url = new URL(address);
    const { host } = url;
    if (!isSafeAddress(url, insecureLoopback)) {
      throw new SealwrightError(
        'UNTRUSTED_SERVICE',
        `The issuer leads to ${url.origin}, which is not HTTPS, so nothing was sent there. For development on this machine, allowInsecureLoopback allows it.`,
        { reason: 'not-https', host },
      );
    }
    const signals = [init.signal, signal].filter((each) => each !== undefined);
    try {
      const response = await fetch(address, {
        method: init.method,
        headers: init.headers,
        redirect: 'manual',
        ...(init.body === undefined || init.body === null ? {} : { body: init.body as BodyInit }),
        signal: AbortSignal.any(signals),
      });
      return await wholeAnswer(response, host);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof SealwrightError) throw error;
      if (init.signal?.aborted) {
        throw new SealwrightError('TIMED_OUT', `${host} did not answer in time: try again.`, { host });
      }
      throw new SealwrightError(
        'SERVICE_UNAVAILABLE',
        `${host} cannot be reached to sign in: check the network and the address of the issuer.`,
        { host, cause: error },
      );
    }
  };
}

async function wholeAnswer(response: Response, host: string): Promise<Response> {
  const { status } = response;
  if (status === 429 || status >= 500) {
    await response.body?.cancel();
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const details = { host, status, ...(seconds >= 0 && { retryAfter: seconds }) };
    throw status === 429
      ? new SealwrightError('THROTTLED', `${host} gets too many requests: try again later.`, details)
      : new SealwrightError(
          'SERVICE_UNAVAILABLE',
          `${host} cannot sign anyone in now (HTTP ${status}): try again later.`,
          details,
        );
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  if (response.body !== null) {
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > longestAnswer) {
        await reader.cancel();
        throw new SealwrightError(
          'LIMIT_EXCEEDED',
          `${host} answered more than ${longestAnswer} bytes to a sign-in: check the address of the issuer.`,
          { host },
        );
      }
      parts.push(value);
    }
  }
  const bodiless = status === 204 || status === 205 || status === 304;
  return new Response(bodiless ? null : new Blob(parts), { status, headers: response.headers });
}
