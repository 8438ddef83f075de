import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CipherModeName, cipherMode, cipherModeNames } from '../../cipher/index.ts';
import {
  type CarriedCipher,
  type ContentCarrier,
  type ContentJourney,
  carriedTransform,
  carrierHere,
} from '../../protection/index.ts';
import { createFileSink } from '../file-sink.ts';
import { openFileSource } from '../file-source.ts';
import { createWorkerPool } from '../workers/create-worker-pool.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { workerScriptFromSources } from '../workers/worker-script.test-support.ts';
import { planRanges } from './range-plan.ts';
import { threadedCarrier } from './threaded-carrier.ts';

let pool: WorkerPool;
let folder: string;
let jobs = 0;

beforeAll(async () => {
  const real = createWorkerPool({ threads: 2, script: await workerScriptFromSources() });
  pool = {
    ...real,
    run(...given) {
      jobs++;
      return real.run(...given);
    },
  };
  folder = mkdtempSync(join(tmpdir(), 'sealwright-identity-'));
});
afterAll(async () => {
  await pool.close(true);
  rmSync(folder, { recursive: true, force: true });
});

const key = randomBytes(32);
const salt = randomBytes(32);
const content = randomBytes(1024 * 1024);
/** Small windows, so that there are many in little. */
const windowLength = 140_000;

function cipherOf(name: CipherModeName, more: Partial<CarriedCipher>): CarriedCipher {
  const mode = cipherMode(name);
  return {
    direction: 'encrypt',
    cipherMode: name,
    key,
    preamble: salt.subarray(0, mode.preambleLength),
    binding: Uint8Array.of(7),
    fillTo: mode.alignment,
    statedSize: undefined,
    filling: 0,
    ...more,
  };
}

let files = 0;

/** Carries `bytes` from one file to another and gives what the new one holds after three bytes of its own. */
async function carried(carrier: ContentCarrier, bytes: Uint8Array, cipher: CarriedCipher): Promise<string> {
  const place = join(folder, String(files++));
  mkdirSync(place);
  // The content begins somewhere in the file, as it does behind a header.
  writeFileSync(join(place, 'in'), Buffer.concat([Buffer.from('head'), bytes]));
  const source = await openFileSource(join(place, 'in'));
  const sink = await createFileSink(join(place, 'out'));
  const { transform, wipe } = await carriedTransform(cipher);
  try {
    await sink.write(Buffer.from('abc'));
    const journey: ContentJourney = { source: source.slice(2).slice(2), sink, transform, cipher };
    const written = await carrier.carry(journey, {});
    await sink.write(Buffer.from('xyz'));
    const made = readFileSync(join(place, 'out'));
    expect(made.length).toBe(written + 6);
    expect(made.subarray(-3).toString()).toBe('xyz');
    return createHash('sha256').update(made).digest('hex') + written;
  } finally {
    wipe();
    await source.close();
    await sink.close();
    rmSync(place, { recursive: true });
  }
}

/** Sizes around every border: of blocks, segments, windows, ranges, and at both ends. */
function sizesOf(name: CipherModeName): number[] {
  const { segmentLength } = cipherMode(name);
  const plan = planRanges(0, 2, { segmentLength, chained: true }, windowLength);
  const borders = [
    0,
    16,
    segmentLength,
    plan.windowLength,
    2 * plan.windowLength + segmentLength,
    5 * plan.rangeLength,
  ];
  return [...new Set(borders)].flatMap((at) => [at - 1, at, at + 1]).filter((size) => size >= 1);
}

describe.each(cipherModeNames)('%s', (name) => {
  test('Threads write what one thread writes, in both directions, at every size', async () => {
    const mode = cipherMode(name);
    const threads = threadedCarrier(pool, { smallest: 1, windowLength });
    for (const size of sizesOf(name)) {
      const plaintext = content.subarray(0, size);
      const encryption = cipherOf(name, {});
      const before = jobs;
      const encrypted = await carried(threads, plaintext, encryption);
      expect(jobs).toBeGreaterThan(before);
      expect(encrypted, `${size} bytes encrypted`).toBe(await carried(carrierHere, plaintext, encryption));

      const ciphertext = await encryptedBytes(name, plaintext);
      for (const statedSize of mode.alignment === 16 ? [size] : [size, undefined]) {
        const decryption = cipherOf(name, { direction: 'decrypt', statedSize });
        const opened = await carried(threads, ciphertext, decryption);
        expect(opened, `${size} bytes decrypted`).toBe(await carried(carrierHere, ciphertext, decryption));
        expect(opened).toBe(
          createHash('sha256')
            .update(Buffer.concat([Buffer.from('abc'), plaintext, Buffer.from('xyz')]))
            .digest('hex') + size,
        );
      }
    }
  });

  test('Threads refuse an end that does not agree with the stated size, as one thread does', async () => {
    const size = 3 * windowLength + 40;
    const ciphertext = await encryptedBytes(name, content.subarray(0, size));
    for (const statedSize of [size - 17, size + 17, 1, size * 2])
      for (const carrier of [carrierHere, threadedCarrier(pool, { smallest: 1, windowLength })])
        await expect(
          carried(carrier, ciphertext, cipherOf(name, { direction: 'decrypt', statedSize })),
        ).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
  });
});

async function encryptedBytes(name: CipherModeName, plaintext: Uint8Array): Promise<Uint8Array> {
  const mode = cipherMode(name);
  const filled = new Uint8Array(Math.ceil(plaintext.length / mode.alignment) * mode.alignment);
  filled.set(plaintext);
  const encryptor = await mode.encryptor(key, { binding: Uint8Array.of(7), randomBytes: () => salt });
  const output = new Uint8Array(mode.encryptedLength(filled.length) - mode.preambleLength);
  await encryptor.encrypt(filled, 0, true, output);
  return output;
}
