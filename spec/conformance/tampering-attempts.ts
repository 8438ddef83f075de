import type { ByteSource, LicensingService } from '../../src/index.ts';
import { memorySource, open, SealwrightError, streamSource } from '../../src/index.ts';

/** How an attempt to read a file ended, and what it gave away before. */
export interface Attempt {
  readonly way: string;
  /** Whether the input could be read at random, so that its end could be looked at first. */
  readonly seekable: boolean;
  /** The code of the refusal; `opened` if the whole content was given. */
  readonly outcome: string;
  readonly released: Uint8Array;
}

const inChunks = (bytes: Uint8Array, size: number): ReadableStream<Uint8Array> => {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
};

/** A source that only gives copies of what is asked for, as a disk or a network does. */
const readOnly = (bytes: Uint8Array): ByteSource => {
  const source: ByteSource = {
    size: bytes.length,
    seekable: true,
    read: async (offset, length) => bytes.slice(offset, offset + length),
    slice: (offset, length) => memorySource(bytes).slice(offset, length),
  };
  return source;
};

type Release = (bytes: Uint8Array) => void;
type Way = (file: Uint8Array, service: LicensingService, release: Release) => Promise<void>;

const drain = async (stream: ReadableStream<Uint8Array>, release: Release): Promise<void> => {
  const reader = stream.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    release(value);
  }
};
const sinkOf = (release: Release) => ({ write: (bytes: Uint8Array) => release(bytes.slice()) });

const fourSegments = 4 * 65_536;

const seekableWays: Readonly<Record<string, Way>> = {
  'bytes() of bytes': async (file, service, release) =>
    release(await (await open(file, { service })).bytes()),
  'stream() of a source': async (file, service, release) =>
    drain((await open(readOnly(file), { service })).stream(), release),
  'writeTo() of bytes': async (file, service, release) => {
    await (await open(file, { service })).writeTo(sinkOf(release));
  },
  'read() of a blob': async (file, service, release) => {
    const opened = await open(new Blob([file as Uint8Array<ArrayBuffer>]), { service });
    const { size = 0 } = await opened.source();
    for (let at = 0; at < Math.max(1, size); at += fourSegments) release(await opened.read(at, fourSegments));
  },
};

const forwardWays: Readonly<Record<string, Way>> = {
  'stream() of a stream': async (file, service, release) =>
    drain((await open(inChunks(file, 50_000), { service })).stream(), release),
  'writeTo() of a stream': async (file, service, release) => {
    await (await open(streamSource(inChunks(file, 99_999)), { service })).writeTo(sinkOf(release));
  },
};

/** Reads `file` in every way the front door offers. */
export async function attemptAll(file: Uint8Array, service: LicensingService): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const [seekable, ways] of [
    [true, seekableWays],
    [false, forwardWays],
  ] as const)
    for (const way of Object.keys(ways))
      attempts.push(await attempt(way, ways[way] as Way, seekable, file, service));
  return attempts;
}

/** Reads `file` in one go, for changes of which there are thousands. */
export const attemptBytes = (file: Uint8Array, service: LicensingService): Promise<Attempt> =>
  attempt('bytes() of bytes', seekableWays['bytes() of bytes'] as Way, true, file, service);

async function attempt(
  way: string,
  read: Way,
  seekable: boolean,
  file: Uint8Array,
  service: LicensingService,
): Promise<Attempt> {
  const parts: Uint8Array[] = [];
  let outcome = 'opened';
  try {
    await read(file, service, (bytes) => parts.push(bytes));
  } catch (error) {
    if (!(error instanceof SealwrightError)) throw error;
    outcome = error.code;
  }
  return { way, seekable, outcome, released: new Uint8Array(Buffer.concat(parts)) };
}
