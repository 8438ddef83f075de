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
