import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { codeOf, type Examination, span } from './examination.ts';
import { type Finding, finding } from './finding.ts';
import type { Verdict } from './verdicts.ts';

const mostAddresses = 4;

/** Connects to the port, at one address after the other. */
export async function checkConnection(
  { target, port, place, limit, options }: Examination,
  addresses: readonly LookupAddress[],
): Promise<{ readonly finding: Finding; readonly socket: Socket | undefined }> {
  const tried = `connect to ${place} by TCP`;
  const started = performance.now();
  let code = '';
  for (const { address } of addresses.slice(0, mostAddresses)) {
    try {
      const socket = await connectTo(address, port, limit());
      const seen = `open after ${span(performance.now() - started)}`;
      return {
        socket,
        finding: finding(target, 'connection-open', { tried, seen, facts: { address, port } }),
      };
    } catch (error) {
      options.signal?.throwIfAborted();
      code = codeOf(error) || 'ETIMEDOUT';
    }
  }
  const seen = code === 'ETIMEDOUT' ? `nothing within ${span(performance.now() - started)}` : code;
  return { socket: undefined, finding: finding(target, verdictOf(code), { tried, seen, facts: { code } }) };
}

/** Opens a TCP connection. Rejects with the system's error, or when the signal ends it. */
export async function connectTo(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true });
  try {
    await once(socket, 'connect', { signal });
    socket.on('error', () => {});
    return socket;
  } catch (error) {
    socket.on('error', () => {});
    socket.destroy();
    throw error;
  }
}

function verdictOf(code: string): Verdict {
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return 'connection-refused';
  if (code === 'ETIMEDOUT') return 'connection-timed-out';
  return 'connection-unreachable';
}
