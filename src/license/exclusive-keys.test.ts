import { describe, expect, it } from 'vitest';
import { exclusiveKeys } from './exclusive-keys.ts';

describe('exclusiveKeys', () => {
  it('gives no key to two operations at once, and every operation its turn', async () => {
    const lend = exclusiveKeys(['a', 'b', 'c']);
    const inUse = new Set<string>();
    const order: number[] = [];
    let most = 0;
    await Promise.all(
      Array.from({ length: 50 }, (_, number) =>
        lend(async (key) => {
          expect(inUse.has(key)).toBe(false);
          inUse.add(key);
          most = Math.max(most, inUse.size);
          await new Promise((resolve) => setImmediate(resolve));
          inUse.delete(key);
          order.push(number);
        }),
      ),
    );
    expect(most).toBe(3);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('takes the key back from an operation that fails', async () => {
    const lend = exclusiveKeys(['only']);
    await expect(lend(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(await lend(async (key) => key)).toBe('only');
  });
});
