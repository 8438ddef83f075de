import { localeOfTag } from '../../rights/index.ts';

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
