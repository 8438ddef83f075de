import { expect } from 'vitest';
import { type ByteSource, memorySource } from '../../bytes/index.ts';
import type { CompoundFile } from './compound-file.ts';

/** Compares bytes, which `toEqual` takes long for. */
export const expectBytes = (bytes: Uint8Array, expected: Uint8Array): void =>
  expect(Buffer.compare(bytes, expected)).toBe(0);

/** All streams, by path. */
export async function contents(
  file: CompoundFile,
  storage = file.root,
  prefix = '',
): Promise<[string, Uint8Array][]> {
  const found: [string, Uint8Array][] = [];
  for (const entry of storage.entries)
    if (entry.kind === 'stream') found.push([prefix + entry.name, await file.read(entry, entry.size)]);
    else found.push(...(await contents(file, entry, `${prefix}${entry.name}/`)));
  return found;
}

/** A source that counts, and has `readInto` as files have it. */
export function counted(bytes: Uint8Array) {
  const memory = memorySource(bytes);
  const calls: { readonly offset: number; readonly length: number }[] = [];
  const source: ByteSource = {
    ...memory,
    read(offset, length) {
      calls.push({ offset, length });
      return memory.read(offset, length);
    },
    readInto(offset, target) {
      calls.push({ offset, length: target.length });
      const part = bytes.subarray(offset, offset + target.length);
      target.set(part);
      return part.length;
    },
  };
  return { source, calls };
}

/** Numbers below `count`, the same for one seed. */
export function generator(seed: number): (count: number) => number {
  let state = seed | 1;
  return (count) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}
