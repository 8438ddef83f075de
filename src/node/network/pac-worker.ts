import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

declare const __filename: string | undefined;

/** What a PAC script is run with. */
export interface PacRun {
  readonly script: string;
  readonly url: string;
  readonly host: string;
  /** Bytes for the sandbox. */
  readonly memoryLimit: number;
}

/** What came of it: an answer, or why there is none. */
export type PacOutcome =
  | { readonly answer: unknown }
  | { readonly missing: string }
  | { readonly failure: string };

/** The packages stand where this module's own packages do; an evaluated worker has no place of its own. */
const here = typeof __filename === 'string' ? pathToFileURL(__filename).href : import.meta.url;

/**
 * Text, because a worker in a file of its own would be another entry of the package. A script may hold up a sandbox in
 * places where it cannot be interrupted (filling arrays, matching expressions): only the end of its thread is sure.
 */
const program = `
const { createRequire } = require('node:module');
const { networkInterfaces } = require('node:os');
const { pathToFileURL } = require('node:url');
const { parentPort, workerData } = require('node:worker_threads');
const { script, url, host, memoryLimit, here } = workerData;
const load = (name) => import(pathToFileURL(createRequire(here).resolve(name)).href);
// The package's own function connects to an address on the internet to find this out.
const myIpAddress = () =>
  Object.values(networkInterfaces()).flat().find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
(async () => {
  let packages;
  try {
    packages = await Promise.all([load('pac-resolver'), load('quickjs-wasi')]);
  } catch (error) {
    return { missing: String(error.message).slice(0, 500) };
  }
  try {
    const [{ createPacResolver }, { QuickJS }] = packages;
    const sandbox = await QuickJS.create({ memoryLimit });
    const findProxy = createPacResolver(sandbox, script, { sandbox: { alert: () => {}, myIpAddress } });
    return { answer: await findProxy(url, host) };
  } catch (error) {
    return { failure: String(error?.message ?? error).split('\\n', 1)[0].slice(0, 200) };
  }
})().then((outcome) => parentPort.postMessage(outcome));
`;

/** Runs a script in a thread of its own, which is ended in any case. Rejects with the reason of `signal`. */
export async function runPac(run: PacRun, signal: AbortSignal): Promise<PacOutcome> {
  signal.throwIfAborted();
  const worker = new Worker(program, {
    eval: true,
    workerData: { ...run, here },
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 },
  });
  let stop: (() => void) | undefined;
  try {
    return await new Promise<PacOutcome>((resolve, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      worker.once('message', resolve);
      worker.once('error', (error) => resolve({ failure: error.message }));
      worker.once('exit', () => resolve({ failure: 'it ended without an answer' }));
    });
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
