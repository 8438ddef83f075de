import {
  type ByteSource,
  type ContentInput,
  collectSource,
  maxima,
  sourceOf,
  type WaitOptions,
} from '../bytes/index.ts';
import { detectionBytes, type Recognition } from '../container/index.ts';
import type { LabelMetadata } from './label.ts';
import type { LabelPlaceOptions } from './label-place.ts';
import { placeFor } from './places.ts';
import { decideLabels } from './precedence.ts';

/** Options of `readLabels` and `changeLabels`. */
export interface LabelOptions extends WaitOptions {
  /** The name of the file, for messages. What the file is, its content tells. */
  readonly name?: string | undefined;
  /** The first bytes of the file, if they were read already. */
  readonly head?: Uint8Array | undefined;
  /** What `recognise` found, if it was asked already. */
  readonly recognition?: Pick<Recognition, 'compoundFile' | 'pdf'> | undefined;
}

/**
 * The sensitivity labels that a file states, protected or not, without any key (spec/labels.md). Only what
 * holds them is read. Anyone who can write the file can have written them.
 *
 * @param input the file: bytes, a Blob, a Web Stream or a ByteSource; a stream is kept in memory where its kind
 * needs random access
 * @returns labels in the order in which the file states them, marks of removal among them; empty for a file
 * without labels, with labels that cannot be read, or of a kind that has none
 * @throws what reading the source throws; `LIMIT_EXCEEDED` for a stream that is too long to be kept
 *
 * @example
 * ```ts
 * const labels = await readLabels(bytes); // for files there is readFileLabels of 'sealwright/node'
 * const inForce = labels.filter((label) => label.enabled);
 * ```
 */
export async function readLabels(
  input: ContentInput,
  options: LabelOptions = {},
): Promise<readonly LabelMetadata[]> {
  const found = await openPlace(sourceOf(input), options);
  if (found === undefined) return Object.freeze([]);
  return decideLabels(await found.place.read(found.source, found.options));
}

/** The place for labels of a file, and the file for random access; `undefined` if files of its kind keep none. */
export async function openPlace(source: ByteSource, { head: known, recognition, signal }: LabelOptions) {
  const head = known ?? new Uint8Array(await source.read(0, detectionBytes, { signal }));
  const place = placeFor(head);
  if (place === undefined) return undefined;
  const { compoundFile, pdf } = recognition ?? {};
  const options: LabelPlaceOptions = { head, compoundFile, pdf, signal };
  return { place, source: await collectSource(source, maxima.collectedBytes, { signal }), options };
}
