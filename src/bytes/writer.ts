/** Collects little-endian fields and byte runs, and joins them once at the end. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  bytes(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }

  uint16(value: number): this {
    const field = new Uint8Array(2);
    new DataView(field.buffer).setUint16(0, value, true);
    return this.bytes(field);
  }

  uint32(value: number): this {
    const field = new Uint8Array(4);
    new DataView(field.buffer).setUint32(0, value, true);
    return this.bytes(field);
  }

  uint64(value: bigint): this {
    const field = new Uint8Array(8);
    new DataView(field.buffer).setBigUint64(0, value, true);
    return this.bytes(field);
  }

  /** A new array with everything written so far. */
  toBytes(): Uint8Array {
    return concatBytes(this.#parts);
  }
}

/** A new array with `parts` one after the other. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}
