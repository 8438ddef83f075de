import { describe, expect, it } from 'vitest';
import { resolveName } from './locale.ts';

const names = [1034, 1033, 1031].map((lcid) => ({ lcid, name: `${lcid}`, description: '' }));

describe('choosing the language of a name', () => {
  it.each([
    [1031, 1033, 1031],
    [1036, 1033, 1033],
    [1036, 1040, 1034],
    [undefined, undefined, 1034],
  ])('a person of %s on a system of %s reads %s', (user, system, shown) => {
    expect(resolveName(names, user, system)?.lcid).toBe(shown);
  });

  it('has nothing to show where there are no names', () => expect(resolveName([], 1033)).toBeUndefined());
});
