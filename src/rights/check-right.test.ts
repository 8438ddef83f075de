import { describe, expect, it } from 'vitest';
import { hasRight, mayRemoveProtection, mayReplaceProtection, maySeePolicy } from './check-right.ts';
import { rights } from './rights.ts';

describe('checking a right', () => {
  it('lets a right permit itself, OWNER permit everything, and nothing else imply anything', () => {
    for (const held of rights)
      for (const asked of rights)
        expect(hasRight([held.name], asked.name)).toBe(held.name === 'OWNER' || held.name === asked.name);
  });

  it('compares without case', () => {
    expect(hasRight(['View'], 'vIEW')).toBe(true);
    expect(hasRight(['owner'], 'APPROVE')).toBe(true);
    expect(hasRight([], 'VIEW')).toBe(false);
  });

  const holders = (may: (granted: readonly string[]) => boolean) =>
    rights
      .map((right) => right.name)
      .filter((name) => may([name]))
      .sort();

  it('lets holders of EXPORT, EXTRACT or OWNER remove protection', () => {
    expect(holders(mayRemoveProtection)).toEqual(['EXPORT', 'EXTRACT', 'OWNER']);
  });

  it('lets holders of EXPORT or OWNER replace protection', () => {
    expect(holders(mayReplaceProtection)).toEqual(['EXPORT', 'OWNER']);
  });

  it('lets holders of VIEWRIGHTSDATA or OWNER see the policy', () => {
    expect(holders(maySeePolicy)).toEqual(['OWNER', 'VIEWRIGHTSDATA']);
  });
});
