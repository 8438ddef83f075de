import type { SealwrightErrorCode } from '../../src/errors.ts';
import type { MutationHabits } from './mutate.ts';

/** One kind of input, and what is done with it. */
export interface FuzzTarget {
  readonly habits: MutationHabits;
  /** What to change: real files where present, our vectors, and what we made. */
  readonly samples: readonly Uint8Array[];
  /**
   * Reads one input in every way there is. Resolves to a short word for how it was read; rejects with the error of the
   * library. Anything else that is thrown is a finding, and so is what {@link Finding} says.
   *
   * @param thorough whether to do what is dear, too: round trips, and comparisons of the whole. Asked for one run in eight
   */
  check(input: Uint8Array, thorough: boolean): Promise<string>;
  /** The codes that an input may be refused with, where that is known: any other is a finding. */
  readonly refusals?: ReadonlySet<SealwrightErrorCode>;
}

/** What a file may be refused with by what reads, protects and opens it. */
export const fileRefusals: ReadonlySet<SealwrightErrorCode> = new Set([
  'NOT_PROTECTED',
  'ALREADY_PROTECTED',
  'MALFORMED_CONTAINER',
  'MALFORMED_LICENSE',
  'UNSUPPORTED_FORMAT',
  'UNSUPPORTED_VERSION',
  'UNSUPPORTED_CIPHER_MODE',
  'LIMIT_EXCEEDED',
  'DECRYPTION_FAILED',
]);

/** Thrown by a check whose input was read without an error but to the wrong result. */
export class Finding extends Error {
  override readonly name = 'Finding';
}

/** Makes sure of what must hold for every input. */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Finding(what);
}
