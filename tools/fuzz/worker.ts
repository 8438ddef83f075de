import { writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { SealwrightError } from '../../src/errors.ts';
import { mutated } from './mutate.ts';
import { seededRandom } from './random.ts';
import { type FuzzTarget, must } from './target.ts';
import { archiveLinesTarget, sealedArchiveTarget } from './targets/archive.ts';
import { compoundTarget } from './targets/compound.ts';
import { dataSpacesTarget } from './targets/data-spaces.ts';
import { derTarget } from './targets/der.ts';
import { emlTarget } from './targets/eml.ts';
import { labelsTarget } from './targets/labels.ts';
import { msgTarget } from './targets/msg.ts';
import { pdfTarget } from './targets/pdf.ts';
import { pfileTarget } from './targets/pfile.ts';
import { propertySetsTarget } from './targets/property-sets.ts';
import { rpmsgTarget } from './targets/rpmsg.ts';
import { xrmlTarget } from './targets/xrml.ts';

/** What the main thread asks for. */
interface Order {
  readonly target: string;
  readonly seed: number;
  readonly from: number;
  readonly until: number;
  /** Only write the input of `from` to this path, and do not read it. */
  readonly writeTo?: string;
  /** Read this input instead of made ones. */
  readonly input?: Uint8Array;
  /** [run, begun: 1 while a run is under way, runs begun] for the watchdog. */
  readonly pulse: SharedArrayBuffer;
  readonly slowMilliseconds: number;
  readonly memoryBytes: number;
}

const makers: Readonly<Record<string, () => Promise<FuzzTarget>>> = {
  pfile: pfileTarget,
  xrml: xrmlTarget,
  der: derTarget,
  'archive-lines': archiveLinesTarget,
  'archive-sealed': sealedArchiveTarget,
  compound: compoundTarget,
  'data-spaces': dataSpacesTarget,
  labels: labelsTarget,
  msg: msgTarget,
  'property-sets': propertySetsTarget,
  rpmsg: rpmsgTarget,
  pdf: pdfTarget,
  eml: emlTarget,
};

const order = workerData as Order;
const pulse = new Int32Array(order.pulse);
doFewRounds();
const target = await (makers[order.target] as () => Promise<FuzzTarget>)();
const inputOf = async (run: number): Promise<Uint8Array> =>
  order.input ?? mutated(target.samples, target.habits, seededRandom(order.seed, run));
/** One run in eight does what is dear; which ones the seed says. */
const isThorough = (run: number): boolean =>
  order.input !== undefined || seededRandom(order.seed ^ 0x5ea1, run)(8) === 0;

if (order.writeTo !== undefined) writeFileSync(order.writeTo, await inputOf(order.from));
else await work();

async function work(): Promise<void> {
  const outcomes: Record<string, number> = {};
  let slowest = { run: -1, milliseconds: 0 };
  let peakBytes = 0;
  for (let run = order.from; run < order.until; run++) {
    const input = await inputOf(run);
    Atomics.store(pulse, 0, run);
    Atomics.add(pulse, 2, 1);
    Atomics.store(pulse, 1, 1);
    const slow = order.slowMilliseconds * (isThorough(run) ? 4 : 1);
    const memory = process.memoryUsage.rss();
    let milliseconds = await timed(run, input, outcomes);
    // Once more: the first of its kind pays for compiling.
    if (milliseconds > slow) milliseconds = Math.min(milliseconds, await timed(run, input, {}));
    if (milliseconds > slow) report(run, `slow: ${Math.round(milliseconds)} ms`);
    if (milliseconds > slowest.milliseconds) slowest = { run, milliseconds };
    const now = process.memoryUsage.rss();
    peakBytes = Math.max(peakBytes, now);
    const grown = now - memory;
    if (grown > order.memoryBytes) report(run, `memory: ${Math.round(grown / 1e6)} MB more`);
    Atomics.store(pulse, 1, 0);
  }
  parentPort?.postMessage({ outcomes, slowest, peakBytes });
}

/** Milliseconds of processor time: others may have the processor meanwhile. The thread that watches takes next to none. */
async function timed(run: number, input: Uint8Array, outcomes: Record<string, number>): Promise<number> {
  const start = process.cpuUsage();
  const outcome = await outcomeOf(run, input);
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function outcomeOf(run: number, input: Uint8Array): Promise<string> {
  try {
    return await target.check(input, isThorough(run));
  } catch (error) {
    try {
      if (!(error instanceof SealwrightError)) throw error;
      must(error.message.length < 4000, `the message of ${error.code} is endless`);
      if (target.refusals?.has(error.code) === false) throw error;
      return error.code;
    } catch (found) {
      report(run, found instanceof Error ? (found.stack ?? String(found)) : String(found));
      return 'finding';
    }
  }
}

function report(run: number, what: string): void {
  parentPort?.postMessage({ finding: { run, what } });
}

/** Rounds within the limit cost what they cost; here one stands for all, so that changed headers are read quickly. */
function doFewRounds(): void {
  const { subtle } = globalThis.crypto;
  const bits = subtle.deriveBits.bind(subtle);
  const key = subtle.deriveKey.bind(subtle);
  const few = <T>(algorithm: T): T =>
    typeof algorithm === 'object' && algorithm !== null && 'iterations' in algorithm
      ? { ...algorithm, iterations: Math.min(1, Number(algorithm.iterations)) }
      : algorithm;
  subtle.deriveBits = (algorithm, ...rest) => bits(few(algorithm), ...rest);
  subtle.deriveKey = (algorithm, ...rest) => key(few(algorithm), ...rest);
}
