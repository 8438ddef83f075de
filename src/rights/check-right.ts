/**
 * Whether a person who holds `granted` may do what `right` permits: `OWNER` permits everything, and no other right
 * implies another one (spec/rights.md, "Checking a right"). Compared without case.
 *
 * @example
 * ```ts
 * hasRight(['VIEW', 'PRINT'], 'print'); // true
 * hasRight(['EDIT'], 'VIEW'); // false
 * ```
 */
export function hasRight(granted: readonly string[], right: string): boolean {
  const wanted = right.toUpperCase();
  return granted.some((each) => {
    const held = each.toUpperCase();
    return held === 'OWNER' || held === wanted;
  });
}

const hasOneOf = (granted: readonly string[], wanted: readonly string[]): boolean =>
  wanted.some((right) => hasRight(granted, right));

/**
 * Whether protection may be taken off: `EXPORT`, `EXTRACT` or `OWNER`. The documentation names `EXPORT` for one
 * family of tools and `EXTRACT` for the other; either is enough here, because a holder of either may already
 * carry the whole content out (spec/rights.md, "Removing protection").
 */
export const mayRemoveProtection = (granted: readonly string[]): boolean =>
  hasOneOf(granted, ['EXPORT', 'EXTRACT']);

/** Whether protection may be replaced by another policy: `EXPORT` or `OWNER`. */
export const mayReplaceProtection = (granted: readonly string[]): boolean => hasRight(granted, 'EXPORT');

/** Whether the list of people and rights may be shown: `VIEWRIGHTSDATA` or `OWNER`. */
export const maySeePolicy = (granted: readonly string[]): boolean => hasRight(granted, 'VIEWRIGHTSDATA');
