import { describe, expect, it } from 'vitest';
import { boundedMemory } from './bounded-memory.ts';

describe('boundedMemory', () => {
  it('makes a thing once, and again when others made it leave', () => {
    const made: string[] = [];
    const memory = boundedMemory<string, { readonly of: string }>(2);
    const get = (key: string) =>
      memory.get(key, () => {
        made.push(key);
        return { of: key };
      });
    expect(get('a')).toBe(get('a'));
    get('b');
    // Used last, so "b" is the one that goes.
    get('a');
    get('c');
    expect(get('a').of).toBe('a');
    expect(made).toEqual(['a', 'b', 'c']);
    expect(get('b').of).toBe('b');
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  it('keeps nothing of a thing that could not be made', () => {
    const memory = boundedMemory<string, object>(1);
    expect(() =>
      memory.get('a', () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(memory.get('a', () => ({ made: true }))).toEqual({ made: true });
  });
});
