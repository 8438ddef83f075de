import { describe, expect, it, vi } from 'vitest';
import { later, start } from './license-cache.test-support.ts';
import { memoryLicenseStore } from './memory-license-store.ts';

const bytes = (value: number): Uint8Array => new Uint8Array(4).fill(value);

describe('memoryLicenseStore', () => {
  it('throws away what was not used for longest', async () => {
    const store = memoryLicenseStore({ maximumEntries: 2 });
    await store.set('a', bytes(1));
    await store.set('b', bytes(2));
    await store.get('a');
    await store.set('c', bytes(3));
    expect(await store.get('a')).toEqual(bytes(1));
    expect(await store.get('b')).toBeUndefined();
    expect(await store.get('c')).toEqual(bytes(3));
  });

  it('wipes what is replaced, evicted, deleted, purged and cleared', async () => {
    const kept: Uint8Array[] = [];
    const copying = vi.spyOn(Uint8Array, 'from').mockImplementation((given) => {
      const copy = new Uint8Array(given as Iterable<number>);
      kept.push(copy);
      return copy;
    });
    try {
      const store = memoryLicenseStore({ maximumEntries: 4 });
      const entries = [
        ['a', {}],
        ['a', {}],
        ['b', { group: 'g' }],
        ['c', { expires: start }],
        ['d', {}],
        ['e', {}],
      ] as const;
      for (const [key, entry] of entries) await store.set(key, bytes(7), entry);
      await store.deleteGroup('g');
      await store.purge(start);
      await store.delete('d');
      await store.clear();
    } finally {
      copying.mockRestore();
    }
    expect(kept).toHaveLength(6);
    for (const copy of kept) expect(copy).toEqual(bytes(0));
  });

  it('keeps and gives copies', async () => {
    const store = memoryLicenseStore();
    const given = Buffer.from(bytes(5));
    await store.set('a', given);
    given.fill(0);
    (await store.get('a'))?.fill(0);
    expect(await store.get('a')).toEqual(bytes(5));
  });

  it('remembers the latest time until it is cleared', async () => {
    const store = memoryLicenseStore();
    expect(await store.latestTime()).toBeUndefined();
    await store.noteTime(later(5));
    await store.noteTime(start);
    expect(await store.latestTime()).toEqual(later(5));
    await store.clear();
    expect(await store.latestTime()).toBeUndefined();
  });

  it.each([0, -1, 1.5, Number.NaN])('cannot keep %s entries', (maximumEntries) => {
    expect(() => memoryLicenseStore({ maximumEntries })).toThrow('give a whole number from 1');
  });
});
