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
    return this.bytes(Uint8Array.of(value, value >>> 8));
  }

  uint32(value: number): this {
    // Not through a DataView: for that the engine would have to allocate memory of its own for each field.
    return this.bytes(Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24));
  }

  uint64(value: bigint): this {
    return this.uint32(Number(BigInt.asUintN(32, value))).uint32(Number(BigInt.asUintN(32, value >> 32n)));
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
