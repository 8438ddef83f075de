import { SealwrightError } from '../../errors.ts';
import type { NetworkFetch } from './network-fetch.ts';
import { parsePacAnswer } from './pac-chain.ts';
import { loadPacText, longestScript } from './pac-text.ts';
import { runPac } from './pac-worker.ts';
import type { Route } from './proxy.ts';
import type { AskScript } from './routes.ts';

const evaluationTimeout = 5_000;
const memoryLimit = 32 * 1_048_576;
/** A run takes some 100 ms, so an answer serves for a while, as it does in browsers. */
const answerLifetime = 60_000;
const mostAnswers = 256;

/**
 * Asks a PAC script, which is loaded when it is first asked and runs in a sandbox with limits of time and memory
 * (spec/network.md, "PAC").
 */
export function pacScript(
  pac: string | URL | { readonly script: string },
  openDirectly: () => NetworkFetch,
): AskScript {
  let loading: Promise<string> | undefined;
  const load = (signal: AbortSignal): Promise<string> => {
    if (typeof pac === 'object' && 'script' in pac) return Promise.resolve(pac.script);
    loading ??= loadPacText(pac, openDirectly, signal).catch((error: unknown) => {
      // The next connection tries again.
      loading = undefined;
      throw error;
    });
    return loading;
  };
  const answers = new Map<
    string,
    { readonly routes: readonly [Route, ...Route[]]; readonly until: number }
  >();
  return async (url, { signal }) => {
    const known = answers.get(url.origin);
    if (known !== undefined && known.until > Date.now()) return known.routes;
    const routes = parsePacAnswer(await evaluate(await load(signal), url, signal));
    if (answers.size >= mostAnswers) answers.clear();
    answers.set(url.origin, { routes, until: Date.now() + answerLifetime });
    return routes;
  };
}

async function evaluate(script: string, { origin, hostname }: URL, signal: AbortSignal): Promise<unknown> {
  if (script.length > longestScript) throw failed(`it is longer than ${longestScript} characters`);
  const timeUp = AbortSignal.timeout(evaluationTimeout);
  // A script sees no more of an address than its origin, as in browsers.
  const run = { script, url: `${origin}/`, host: hostname.replace(/^\[|\]$/g, ''), memoryLimit };
  const outcome = await runPac(run, AbortSignal.any([signal, timeUp])).catch((error: unknown) => {
    signal.throwIfAborted();
    throw timeUp.aborted ? failed(`it did not answer within ${evaluationTimeout / 1000} s`) : error;
  });
  if ('answer' in outcome) return outcome.answer;
  if ('failure' in outcome) throw failed(outcome.failure);
  throw new SealwrightError(
    'PROXY_FAILED',
    'PAC scripts need two more packages: npm install pac-resolver quickjs-wasi. Or name the proxy itself.',
    { reason: 'pac-packages', cause: outcome.missing },
  );
}

const failed = (why: string): SealwrightError =>
  new SealwrightError(
    'PROXY_FAILED',
    `The PAC script cannot be used: ${why}. Ask whoever keeps it, or name the proxy itself.`,
    { reason: 'pac-failed' },
  );
