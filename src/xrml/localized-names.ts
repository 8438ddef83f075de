/** Name and description of a policy in one language, as the `NAME` of a `DESCRIPTOR` carries them. */
export interface XrmlLocalizedName {
  /** Windows locale id, decimal: 1033 is US English. */
  readonly lcid: number;
  readonly name: string;
  readonly description: string;
}

const segmentStart = /(?:^|[;\s])\s*LCID\s+(\d{1,6})\s*:\s*NAME\s/g;
const descriptionStart = /:\s*DESCRIPTION(?:\s|$)/;

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
  const starts = [...text.matchAll(segmentStart)];
  const names = starts.map((match, index) => {
    const from = match.index + match[0].length;
    const segment = text.slice(from, starts[index + 1]?.index ?? text.length).trim();
    const value = segment.endsWith(';') ? segment.slice(0, -1) : segment;
    const split = descriptionStart.exec(value);
    return Object.freeze({
      lcid: Number(match[1]),
      name: (split === null ? value : value.slice(0, split.index)).trim(),
      description: split === null ? '' : value.slice(split.index + split[0].length).trim(),
    });
  });
  return Object.freeze(names);
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
