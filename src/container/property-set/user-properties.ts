import { maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { defaultCodePage, encodeCodePage, utf8CodePage } from './code-page.ts';
import { newPropertySets, newSection, storedProperty, withDictionary } from './new-section.ts';
import {
  codePageId,
  dictionaryId,
  formatIds,
  type PropertySection,
  type PropertySets,
} from './property-set.ts';
import { readPropertySets } from './read.ts';
import { textOf, textValue } from './typed-value.ts';
import { writePropertySets } from './write.ts';

/** A property of a user's own: its name and its value as text. */
export type UserProperty = readonly [name: string, value: string];

/** Set in the identifier of a value that is linked to a place in the document, [MS-OSHARED] 2.3.3.2.3. */
const linked = 0x0100_0000;
const firstOwnId = 2;

/**
 * The properties of the user-defined section that are text, numbers or truth values, in the order of the dictionary; none
 * if the stream has no such section.
 *
 * @param bytes a `\x05DocumentSummaryInformation` stream; an empty one has no properties
 *
 * Throws `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`.
 *
 * @example
 * ```ts
 * for (const [name, value] of userProperties(documentSummary)) console.log(name, value);
 * ```
 */
export function userProperties(bytes: Uint8Array): readonly UserProperty[] {
  const section = bytes.length === 0 ? undefined : userDefined(readPropertySets(bytes));
  return Object.freeze(
    section === undefined ? [] : named(section).map(({ name, text }) => [name, text] as const),
  );
}

/**
 * The stream with `pairs` as its text properties: what {@link userProperties} gives of the result. A pair that
 * was there stays as it was, bytes and identifier; one that is missing goes; a new one is added. Properties of
 * other types, and everything in the other section, keep their bytes (spec/property-sets.md, "Editing").
 *
 * @param bytes the stream, or `undefined` to start one
 * @param pairs names and values; names differ by more than case
 *
 * Throws `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`, and `INVALID_ARGUMENT` for a name or value that cannot be stored.
 *
 * @example
 * ```ts
 * const changed = withUserProperties(summary, [...userProperties(summary), ['Owner', 'Records']]);
 * ```
 */
export function withUserProperties(
  bytes: Uint8Array | undefined,
  pairs: readonly UserProperty[],
): Uint8Array {
  const sets =
    bytes === undefined || bytes.length === 0
      ? newPropertySets(newSection(formatIds.documentSummary, defaultCodePage))
      : readPropertySets(bytes);
  const former = userDefined(sets) ?? newSection(formatIds.userDefined, codePageFor(pairs));
  const changed = withPairs(former, pairs);
  if (changed === former && bytes !== undefined && bytes.length > 0) return bytes;
  const written = writePropertySets(withUserDefined(sets, changed));
  if (written.length > maxima.propertySetBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The document's properties would take ${written.length} bytes; at most ${maxima.propertySetBytes} are accepted.`,
    );
  return written;
}

const userDefined = (sets: PropertySets): PropertySection | undefined =>
  sets.sections.find(({ formatId }) => formatId === formatIds.userDefined);

interface NamedText {
  readonly id: number;
  readonly name: string;
  readonly text: string;
}

/** Entries of the dictionary whose values can be read as text. */
function named({ dictionary, properties, codePage }: PropertySection): NamedText[] {
  const values = new Map(properties.map(({ id, raw }) => [id, raw]));
  const found: NamedText[] = [];
  for (const entry of dictionary) {
    const raw = entry.id < firstOwnId ? undefined : values.get(entry.id);
    const text = raw && textOf(raw, codePage);
    if (text !== undefined) found.push({ id: entry.id, name: entry.name, text });
    // An identifier counts once, whatever the dictionary repeats.
    values.delete(entry.id);
  }
  return found;
}

/** The section with exactly these pairs as its text properties; the same object if it has them already. */
function withPairs(section: PropertySection, pairs: readonly UserProperty[]): PropertySection {
  checkPairs(pairs);
  const key = (name: string, text: string): string => JSON.stringify([name, text]);
  const missing = new Map(pairs.map(([name, text]) => [key(name, text), [name, text] as const]));
  const wanted = new Set(missing.keys());
  const dropped = new Set<number>();
  for (const { id, name, text } of named(section)) {
    missing.delete(key(name, text));
    if (!wanted.has(key(name, text))) dropped.add(id);
  }
  if (dropped.size === 0 && missing.size === 0) return section;

  // Names are compared without case; whatever had the name of a new pair makes way for it.
  const newNames = new Set([...missing.values()].map(([name]) => name.toLowerCase()));
  if ([...missing.values()].some(([name, text]) => name === '' || name.includes('\0') || text.includes('\0')))
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'A property needs a name, and neither it nor its value may contain a NUL character.',
    );
  if (newNames.size < missing.size)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'Two properties of one document cannot have names that differ in nothing but case.',
    );
  for (const { id, name } of section.dictionary) if (newNames.has(name.toLowerCase())) dropped.add(id);
  const properties = section.properties.filter(
    ({ id }) => !dropped.has(id) && !(id >= linked && dropped.has(id - linked)),
  );
  const dictionary = section.dictionary.filter(({ id }) => !dropped.has(id));
  const taken = new Set([...properties, ...dictionary].map(({ id }) => id % linked));
  let id = firstOwnId;
  for (const [name, text] of missing.values()) {
    while (taken.has(id)) id++;
    properties.push(storedProperty(id, textValue(text, section.codePage)));
    dictionary.push({ id, name, raw: encodedName(name, section.codePage) });
    taken.add(id);
  }
  return withDictionary({ ...section, properties }, dictionary);
}

/** The stream with this section; without it, if nothing is left in it. */
function withUserDefined(sets: PropertySets, section: PropertySection): PropertySets {
  const [first = newSection(formatIds.documentSummary, defaultCodePage), second] = sets.sections.filter(
    ({ formatId }) => formatId !== formatIds.userDefined,
  );
  if (second !== undefined)
    throw new SealwrightError(
      'MALFORMED_CONTAINER',
      "The document's summary has two sections, and neither is for properties of a user's own: there is no place for a label. Save the document anew with its application.",
    );
  const empty = section.properties.every(({ id }) => id === dictionaryId || id === codePageId);
  return { ...sets, sections: empty ? [first] : [first, section] };
}

/** Western European is what every reader knows; anything else is written in UTF-8. */
const codePageFor = (pairs: readonly UserProperty[]): number =>
  pairs.every((pair) => pair.every((text) => encodeCodePage(text, defaultCodePage) !== undefined))
    ? defaultCodePage
    : utf8CodePage;

function encodedName(name: string, codePage: number): Uint8Array {
  const raw = encodeCodePage(`${name}\0`, codePage);
  if (raw !== undefined) return raw;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `A property of this document cannot have the given name: it has characters that code page ${codePage}, in which the document keeps its names, does not have.`,
  );
}

function checkPairs(pairs: readonly UserProperty[]): void {
  if (pairs.length > maxima.properties / 2)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `A document holds at most ${maxima.properties / 2} properties of a user's own; ${pairs.length} were given.`,
    );
}
