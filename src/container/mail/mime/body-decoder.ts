/** Decodes a body window by window. All that is carried from one to the next is a number. */
export interface BodyDecoder {
  /** The state at the beginning. */
  readonly start: number;
  /** Bytes that `length` bytes decode to at most. */
  most(length: number): number;
  /**
   * Decodes what it can of `input` into `target`.
   *
   * @param last no more follows; then all is consumed
   * @returns how much was taken, how much written, and the state to go on with
   */
  decode(
    input: Uint8Array,
    state: number,
    last: boolean,
    target: Uint8Array,
  ): { readonly consumed: number; readonly written: number; readonly state: number };
}
