/** Encodes a body, in windows of any length. The bytes it gives are the caller's. */
export interface BodyEncoder {
  encode(bytes: Uint8Array): Uint8Array;
  /** What is left when all was given. */
  end(): Uint8Array;
}
