/** The header field that states labels, and the named property of an Outlook item (spec/labels.md, "Mail"). */
export const labelFieldName = 'msip_labels';

/** One fact of a label: `MSIP_Label_<guid>_Name` and its value. */
export type LabelPair = readonly [name: string, value: string];

const pairStart = /^\s*([^\s=;]+)=/;

/**
 * The facts in the text of the field, encoded words decoded: `name=value; name=value`. What does not begin like a fact belongs
 * to the value before it, which then holds a semicolon; in front of all it is passed over.
 *
 * @example
 * ```ts
 * labelPairs('MSIP_Label_1_Enabled=true; MSIP_Label_1_Name=Internal;'); // [['MSIP_Label_1_Enabled', 'true'], …]
 * ```
 */
export function labelPairs(text: string): readonly LabelPair[] {
  const pairs: [name: string, value: string][] = [];
  let behind = '';
  for (const piece of text.split(';')) {
    const [start, name] = pairStart.exec(piece) ?? [];
    const last = pairs.at(-1);
    if (start !== undefined && name !== undefined) {
      pairs.push([name, piece.slice(start.length).trim()]);
      behind = '';
    } else if (last !== undefined) {
      behind += `;${piece}`;
      // What only ends the field is no part of a value.
      if (piece.trim() !== '') {
        last[1] += behind.trimEnd();
        behind = '';
      }
    }
  }
  return Object.freeze(pairs.map((pair) => Object.freeze(pair)));
}

/**
 * The text of the field: what {@link labelPairs} reads. A value with a semicolon comes back as it is only where no `name=` follows it.
 *
 * @example
 * ```ts
 * labelText([['MSIP_Label_1_Enabled', 'true'], ['MSIP_Label_1_Name', 'Internal']]); // 'MSIP_Label_1_Enabled=true; MSIP_Label_1_Name=Internal'
 * ```
 */
export const labelText = (pairs: readonly LabelPair[]): string =>
  pairs.map(([name, value]) => `${name}=${value}`).join('; ');
