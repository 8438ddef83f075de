import { type Answer, json } from '../answer.ts';
import type { ServerContext } from '../server-context.ts';

/** How long an answer about readiness holds: probes must not become a load of their own. */
const holds = 2_000;

/** `GET /readyz`: whether the authority's records can be read, and the server is not about to go away. */
export function readiness(context: ServerContext): () => Promise<Answer> {
  const check = context.options.ready ?? (() => readRecords(context));
  let last: { at: number; ready: Promise<boolean> } | undefined;
  return async () => {
    if (context.draining) return json({ status: 'stopping' }, 503, { 'retry-after': '5' });
    const at = performance.now();
    if (last === undefined || at - last.at > holds)
      last = {
        at,
        ready: check().then(
          () => true,
          () => false,
        ),
      };
    return (await last.ready)
      ? json({ status: 'ready' })
      : json({ status: 'unavailable' }, 503, { 'retry-after': '5' });
  };
}

async function readRecords({ authority }: ServerContext): Promise<void> {
  // The first row is enough to see that the records can be read, and leaves no row itself.
  for await (const _ of authority.usageLog()) return;
}

/** Whether an address is of this machine itself. In-process there is none. */
export const isLoopback = (address: string | undefined): boolean =>
  address === undefined || address === '::1' || /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
