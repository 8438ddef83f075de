import { sameLanguage } from './language-tag.ts';
import type { LocalizedName } from './policy.ts';

/** Windows locale id of US English, used where no language is stated. */
export const usEnglish = 1033;

/**
 * The name to show to a person: in the person's language, else the system's, else the first one listed
 * (spec/rights.md, "Names"). `undefined` only if there are no names.
 */
export function resolveName(
  names: readonly LocalizedName[],
  userLcid?: number,
  systemLcid?: number,
): LocalizedName | undefined {
  const inLanguage = (lcid: number | undefined) => names.find((each) => each.lcid === lcid);
  return inLanguage(userLcid) ?? inLanguage(systemLcid) ?? names[0];
}

/**
 * The name in the best of several languages: for each of `locales` in turn the exact one, else another region's; where none
 * fits, the first one listed.
 */
export function nameInBestLanguage(
  names: readonly LocalizedName[],
  locales: readonly number[],
): LocalizedName | undefined {
  for (const lcid of locales) {
    const found =
      names.find((each) => each.lcid === lcid) ?? names.find((each) => sameLanguage(each.lcid, lcid));
    if (found !== undefined) return found;
  }
  return resolveName(names);
}
