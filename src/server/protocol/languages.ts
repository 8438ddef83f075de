import { type LocalizedName, localeOfTag, resolveName, sameLanguage } from '../../rights/index.ts';

/** More than this in one header is read no further. */
const longestHeader = 1024;
const mostLanguages = 16;

/** Windows locale ids of an `Accept-Language` header, best first. What is no language we know is passed over. */
export function acceptedLocales(header: string | null): readonly number[] {
  if (header === null) return [];
  const weighted = header
    .slice(0, longestHeader)
    .split(',', mostLanguages)
    .map((entry) => {
      const [tag = '', ...parameters] = entry.split(';');
      const quality = parameters
        .map((each) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/i.exec(each)?.[1])
        .find(Boolean);
      return { lcid: localeOfTag(tag), weight: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return [...new Set(weighted.flatMap(({ lcid }) => lcid ?? []))];
}

/** The name in the best of the languages asked for: the exact one, else another region's, else as `resolveName` says. */
export function nameFor(
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
