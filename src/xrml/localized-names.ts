/** Name and description of a policy in one language, as the `NAME` of a `DESCRIPTOR` carries them. */
export interface XrmlLocalizedName {
  /** Windows locale id, decimal: 1033 is US English. */
  readonly lcid: number;
  readonly name: string;
  readonly description: string;
}

// Runs of white space are bounded, so that no text makes these patterns try the same characters again and again.
const segmentHead = /LCID\s{1,64}(\d{1,6})\s{0,64}:\s{0,64}NAME(?=\s|:)/y;
const descriptionStart = /:\s{0,64}DESCRIPTION(?=\s|$)/;

/**
 * Reads `LCID n:NAME …:DESCRIPTION …;` repeated (spec/xrml.md, "Names in several languages"). Lenient,
 * because names may hold colons and semicolons themselves: a segment ends where the next one starts,
 * and a name ends at the first `:DESCRIPTION`.
 *
 * @returns an empty list for text of any other form
 *
 * @example
 * ```ts
 * parseLocalizedNames('LCID 1033:NAME Internal:DESCRIPTION Staff only;');
 * // [{ lcid: 1033, name: 'Internal', description: 'Staff only' }]
 * ```
 */
export function parseLocalizedNames(text: string): readonly XrmlLocalizedName[] {
  const starts = segmentStarts(text);
  const names = starts.map(({ lcid, from }, index) => {
    const segment = text.slice(from, starts[index + 1]?.at ?? text.length).trim();
    const value = segment.endsWith(';') ? segment.slice(0, -1) : segment;
    const split = descriptionStart.exec(value);
    return Object.freeze({
      lcid,
      name: (split === null ? value : value.slice(0, split.index)).trim(),
      description: split === null ? '' : value.slice(split.index + split[0].length).trim(),
    });
  });
  return Object.freeze(names);
}

/** Where each segment begins (`at`) and where its name does (`from`). */
function segmentStarts(
  text: string,
): { readonly lcid: number; readonly at: number; readonly from: number }[] {
  const starts: { lcid: number; at: number; from: number }[] = [];
  for (let at = text.indexOf('LCID'); at >= 0; at = text.indexOf('LCID', at + 4)) {
    if (at > 0 && !/[;\s]/.test(text.charAt(at - 1))) continue;
    segmentHead.lastIndex = at;
    const match = segmentHead.exec(text);
    if (match !== null) starts.push({ lcid: Number(match[1]), at, from: segmentHead.lastIndex });
  }
  return starts;
}

/**
 * Writes what {@link parseLocalizedNames} reads: each segment followed by a line feed, as the service does.
 * The format has no escapes, so a name that itself holds `:DESCRIPTION` does not survive.
 */
export function formatLocalizedNames(names: readonly XrmlLocalizedName[]): string {
  return names
    .map(({ lcid, name, description }) => `LCID ${lcid}:NAME ${name}:DESCRIPTION ${description};\n`)
    .join('');
}
