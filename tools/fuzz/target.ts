import type { MutationHabits } from './mutate.ts';

/** One kind of input, and what is done with it. */
export interface FuzzTarget {
  readonly habits: MutationHabits;
  /** What to change: real files where present, our vectors, and what we made. */
  readonly samples: readonly Uint8Array[];
  /**
   * Reads one input in every way there is. Resolves to a short word for how it was read; rejects with the error of the
   * library. Anything else that is thrown is a finding, and so is what {@link Finding} says.
   */
  check(input: Uint8Array): Promise<string>;
}

/** Thrown by a check whose input was read without an error but to the wrong result. */
export class Finding extends Error {
  override readonly name = 'Finding';
}

/** Makes sure of what must hold for every input. */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Finding(what);
}
