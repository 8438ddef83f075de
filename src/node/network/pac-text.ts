import { open as openFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SealwrightError } from '../../errors.ts';
import type { NetworkFetch } from './network-fetch.ts';

/** The longest PAC script, in bytes; browsers take as much. */
export const longestScript = 1_048_576;
const loadTimeout = 10_000;

/** Reads a PAC script from its URL (`http`, `https`, `file`) or its file. `open` gives a `fetch` that goes straight. Throws `PROXY_FAILED`. */
export async function loadPacText(
  place: string | URL,
  open: () => NetworkFetch,
  signal: AbortSignal,
): Promise<string> {
  const url = place instanceof URL || /^(https?|file):/i.test(place) ? new URL(place) : undefined;
  const remote = url !== undefined && url.protocol !== 'file:';
  const shown = remote ? `${url.protocol}//${url.host}${url.pathname}` : String(place);
  try {
    return remote
      ? await overHttp(url, open(), AbortSignal.any([signal, AbortSignal.timeout(loadTimeout)]))
      : await fromFile(url === undefined ? String(place) : fileURLToPath(url));
  } catch (cause) {
    signal.throwIfAborted();
    throw new SealwrightError(
      'PROXY_FAILED',
      `The PAC script ${shown} cannot be had: ${reasonOf(cause)}. Check its address, or name the proxy itself.`,
      { reason: 'pac-unreadable', cause },
    );
  }
}

async function overHttp(url: URL, fetch: NetworkFetch, signal: AbortSignal): Promise<string> {
  try {
    return await readText(await fetch(url, { signal }));
  } finally {
    await fetch.close();
  }
}

async function readText(response: Response): Promise<string> {
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`the answer was ${response.status}`);
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > longestScript) throw new Error(`it is longer than ${longestScript} bytes`);
    pieces.push(piece);
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
}

async function fromFile(path: string): Promise<string> {
  const file = await openFile(path);
  try {
    // One byte more than allowed tells a script that is too long.
    const { bytesRead, buffer } = await file.read(Buffer.alloc(longestScript + 1), 0, longestScript + 1, 0);
    if (bytesRead > longestScript) throw new Error(`it is longer than ${longestScript} bytes`);
    return new TextDecoder().decode(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function reasonOf(error: unknown): string {
  const { code, cause, message, name } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError') return `it did not come within ${loadTimeout / 1000} s`;
  return code ?? (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
}
