import { type ByteSource, sliceSource, type WaitOptions } from '../../../bytes/index.ts';
import type { BodyDecoder } from './body-decoder.ts';
import { base64Decoder } from './decode-base64.ts';
import { quotedPrintableDecoder } from './decode-quoted-printable.ts';
import { encodedBody, type MimePart, type TransferEncoding } from './mime-part.ts';

const windowLength = 64 * 1024;
/** Places to go on from that are remembered; when there are more, every second one is forgotten. */
const mostPlaces = 512;

/** A place in a body from where decoding can go on. */
interface Place {
  readonly encoded: number;
  readonly decoded: number;
  readonly state: number;
}

/** Who looks at a body while it is read for the first time; must not keep what it is shown. */
export interface BodyObserver {
  readonly encoded?: (bytes: Uint8Array) => void;
  readonly decoded?: (bytes: Uint8Array) => void;
}

/**
 * The body of a part without its transfer encoding: a seekable source of known size. It is read through once to know the
 * size, and then again as often as wanted; at no time is more than a window in memory.
 *
 * @param observer shown every window of the body while it is read for the first time
 *
 * @example
 * ```ts
 * const content = await decodedBody(part);
 * for (let at = 0; at < content.size; at += 65536) consume(await content.read(at, 65536));
 * ```
 */
export function decodedBody(
  part: MimePart,
  observer?: BodyObserver,
  options?: WaitOptions,
): Promise<ByteSource> {
  return decodedSource(encodedBody(part), part.encoding, observer, options);
}

const decoders: Readonly<Record<Exclude<TransferEncoding, 'identity'>, BodyDecoder>> = {
  base64: base64Decoder,
  'quoted-printable': quotedPrintableDecoder,
};

/** {@link decodedBody} of any source. */
export async function decodedSource(
  encoded: ByteSource,
  encoding: TransferEncoding,
  observer?: BodyObserver,
  options?: WaitOptions,
): Promise<ByteSource> {
  if (encoding === 'identity') {
    if (observer !== undefined)
      for (let at = 0; at < (encoded.size ?? 0); at += windowLength) {
        options?.signal?.throwIfAborted();
        const bytes = await encoded.read(at, windowLength, options);
        observer.encoded?.(bytes);
        observer.decoded?.(bytes);
      }
    return encoded;
  }
  const decoder = decoders[encoding];
  let places: Place[] = [{ encoded: 0, decoded: 0, state: decoder.start }];
  const target = windowOf(encoded, decoder);
  let [place, spacing] = [places[0] as Place, windowLength];
  while (place.encoded < (encoded.size ?? 0)) {
    options?.signal?.throwIfAborted();
    const { next, written } = await step(encoded, decoder, place, target, options, observer);
    observer?.decoded?.(target.subarray(0, written));
    place = next;
    // By what was read: what decodes to nothing must not be read again and again to reach what follows.
    if (place.encoded - (places.at(-1) as Place).encoded < spacing) continue;
    places.push(place);
    if (places.length <= mostPlaces) continue;
    places = places.filter((_, index) => index % 2 === 0);
    spacing *= 2;
  }
  return readFrom(encoded, decoder, places, place.decoded);
}

/** Room for what one window decodes to. */
const windowOf = ({ size = 0 }: ByteSource, decoder: BodyDecoder): Uint8Array =>
  new Uint8Array(decoder.most(Math.min(windowLength, size)));

/** Decodes one window that begins at `place`. */
async function step(
  encoded: ByteSource,
  decoder: BodyDecoder,
  place: Place,
  target: Uint8Array,
  options: WaitOptions | undefined,
  observer?: BodyObserver,
): Promise<{ readonly next: Place; readonly written: number }> {
  const input = await encoded.read(place.encoded, windowLength, options);
  const last = input.length < windowLength || place.encoded + input.length >= (encoded.size ?? 0);
  const { consumed, written, state } = decoder.decode(input, place.state, last, target);
  observer?.encoded?.(input.subarray(0, consumed));
  // A source that ends before its size must not be waited for.
  const taken = last && input.length < windowLength ? (encoded.size ?? 0) - place.encoded : consumed;
  return { next: { encoded: place.encoded + taken, decoded: place.decoded + written, state }, written };
}

/** How far reading came, and the last window that was decoded. */
interface Cursor {
  place: Place;
  readonly window: Uint8Array;
  /** Bytes of it that count; they end at `place.decoded`. */
  length: number;
}

function readFrom(
  encoded: ByteSource,
  decoder: BodyDecoder,
  places: readonly Place[],
  size: number,
): ByteSource {
  // Taken while a read is under way, so that another one at the same time has a cursor of its own.
  let idle: Cursor | undefined;

  async function readInto(offset: number, target: Uint8Array, options?: WaitOptions): Promise<number> {
    const wanted = Math.max(0, Math.min(target.length, size - offset));
    if (wanted === 0) return 0;
    const cursor = idle ?? {
      place: places[0] as Place,
      window: windowOf(encoded, decoder),
      length: 0,
    };
    idle = undefined;
    let done = 0;
    while (done < wanted) {
      const at = offset + done;
      const from = cursor.place.decoded - cursor.length;
      if (at >= from && at < cursor.place.decoded) {
        const part = cursor.window.subarray(at - from, Math.min(cursor.length, at - from + wanted - done));
        target.set(part, done);
        done += part.length;
        continue;
      }
      const known = placeBefore(places, at);
      if (at < cursor.place.decoded || known.encoded > cursor.place.encoded) cursor.place = known;
      const { next, written } = await step(encoded, decoder, cursor.place, cursor.window, options);
      // The input became shorter since it was counted.
      if (next.encoded === cursor.place.encoded && written === 0) break;
      cursor.place = next;
      cursor.length = written;
    }
    // A message may have thousands of bodies, each of which is read to its end and not again.
    if (offset + done < size) idle = cursor;
    return done;
  }

  const whole: ByteSource = {
    size,
    seekable: true,
    readInto,
    async read(offset, length, options) {
      const target = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      return target.subarray(0, await readInto(offset, target, options));
    },
    slice: (offset, length) => sliceSource(whole, offset, length),
  };
  return whole;
}

/** The last place at or before `offset`, by halving. */
function placeBefore(places: readonly Place[], offset: number): Place {
  let [low, high] = [0, places.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((places[middle] as Place).decoded <= offset) low = middle;
    else high = middle - 1;
  }
  return places[low] as Place;
}
