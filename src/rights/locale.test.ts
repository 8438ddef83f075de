import { describe, expect, it } from 'vitest';
import { nameInBestLanguage, resolveName } from './locale.ts';

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

describe('the name in the best of several languages', () => {
  const named = (lcid: number) => ({ lcid, name: `n${lcid}`, description: '' });

  it('takes the first language there is a name in, also of another region', () => {
    const names = [named(1033), named(1031), named(3084)];
    expect(nameInBestLanguage(names, [1036, 1031])?.lcid).toBe(3084);
    expect(nameInBestLanguage(names, [1041, 3079])?.lcid).toBe(1031);
  });

  it('prefers the exact region', () => {
    expect(nameInBestLanguage([named(2057), named(1033)], [1033])?.lcid).toBe(1033);
  });

  it('takes the first name where no language fits', () => {
    expect(nameInBestLanguage([named(1031), named(1033)], [1041])?.lcid).toBe(1031);
    expect(nameInBestLanguage([], [1041])).toBeUndefined();
  });
});
