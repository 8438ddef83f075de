import { describe, expect, it } from 'vitest';
import { errorCodes } from '../errors.ts';
import { combineExitCodes, exitCodeOf } from './exit-codes.ts';

describe('exit codes', () => {
  it('give every error code one of the documented classes', () => {
    for (const code of errorCodes) expect([2, 3, 4, 5, 6]).toContain(exitCodeOf(code));
  });

  it('are 0 for no input and for inputs that were all done', () => {
    expect(combineExitCodes([])).toBe(0);
    expect(combineExitCodes([0, 0])).toBe(0);
  });

  it('are those of the one input that failed', () => {
    expect(combineExitCodes([3])).toBe(3);
  });

  it('are the common one where all inputs failed alike', () => {
    expect(combineExitCodes([6, 6, 6])).toBe(6);
  });

  it('are 1 where some inputs were done, or failed in different ways', () => {
    expect(combineExitCodes([0, 3])).toBe(1);
    expect(combineExitCodes([4, 6])).toBe(1);
  });
});
