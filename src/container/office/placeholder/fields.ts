import { ByteWriter } from '../../../bytes/index.ts';

/** 16-bit little-endian fields. */
export function words(...values: readonly number[]): Uint8Array {
  const writer = new ByteWriter();
  for (const value of values) writer.uint16(value);
  return writer.toBytes();
}

/** 32-bit little-endian fields. */
export function numbers(...values: readonly number[]): Uint8Array {
  const writer = new ByteWriter();
  for (const value of values) writer.uint32(value);
  return writer.toBytes();
}
