/**
 * The same memory as a plain `Uint8Array`. Node's `Buffer` is one too, but its `slice` is a view where
 * every other array's is a copy: code that copies before it writes would write to the caller's memory.
 */
export const plainView = (bytes: Uint8Array): Uint8Array =>
  bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
