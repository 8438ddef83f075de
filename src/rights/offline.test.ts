import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strictestOfflineDays, useLicenseValidity } from './offline.ts';

const now = new Date('2030-01-01T00:00:00Z');
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);

describe('the validity of a use license', () => {
  it.each([
    ['nothing limits', [], undefined, undefined],
    ['all limits are unlimited', [-1, -1], undefined, undefined],
    ['the stricter of two limits wins', [30, 7], undefined, 7],
    ['unlimited does not loosen a limit', [-1, 7], undefined, 7],
    ['never wins over everything', [30, 0, -1], undefined, 0],
    ['the content expires first', [30], 3, 3],
    ['the license ends first', [2], 3, 2],
    ['only the content limits', [-1], 3, 3],
  ] as const)('%s', (_title, offlineDays, contentDays, endDays) => {
    const validity = useLicenseValidity({
      now,
      offlineDays,
      contentValidUntil: contentDays === undefined ? undefined : inDays(contentDays),
    });
    expect(validity.licenseValidUntil).toEqual(endDays === undefined ? undefined : inDays(endDays));
    expect(validity.onlineOnly).toBe(endDays === 0);
  });

  it('is unlimited for owner and issuer', () => {
    expect(useLicenseValidity({ now, offlineDays: [0], contentValidUntil: now, exempt: true })).toEqual({
      onlineOnly: false,
      licenseValidUntil: undefined,
    });
  });

  it('never gets longer by one more limit', () => {
    const limit = fc.integer({ min: -1, max: 9999 });
    const length = (days: number) => (days < 0 ? Number.POSITIVE_INFINITY : days);
    fc.assert(
      fc.property(fc.array(limit), limit, (limits, more) => {
        expect(length(strictestOfflineDays([...limits, more]))).toBe(
          Math.min(length(strictestOfflineDays(limits)), length(more)),
        );
      }),
    );
  });
});
