import { serializeDictionary } from './dictionary.ts';
import {
  codePageId,
  dictionaryId,
  type NamedProperty,
  type PropertySection,
  type PropertySets,
  type StoredProperty,
} from './property-set.ts';
import { codePageValue, textValue } from './typed-value.ts';

/**
 * A section with a code page and the given strings.
 *
 * @param strings identifiers from 2 upwards, and texts
 */
export function newSection(
  formatId: string,
  codePage: number,
  strings: readonly (readonly [id: number, text: string])[] = [],
): PropertySection {
  return Object.freeze({
    formatId,
    codePage,
    properties: Object.freeze([
      storedProperty(codePageId, codePageValue(codePage)),
      ...strings.map(([id, text]) => storedProperty(id, textValue(text, codePage))),
    ]),
    dictionary: Object.freeze([]),
  });
}

/** A stream of new sections, with the head that current writers give it ([MS-OLEPS] 2.21, note 6). */
export const newPropertySets = (...sections: PropertySection[]): PropertySets =>
  Object.freeze({
    version: 0,
    systemIdentifier: 0x0002_0006,
    classId: new Uint8Array(16),
    sections: Object.freeze(sections),
  });

/** The section with another dictionary: its property 0 replaced, or put in front where there was none. */
export function withDictionary(
  section: PropertySection,
  dictionary: readonly NamedProperty[],
): PropertySection {
  const stored = storedProperty(dictionaryId, serializeDictionary(dictionary, section.codePage));
  const had = section.properties.some(({ id }) => id === dictionaryId);
  const properties = had
    ? section.properties.map((property) => (property.id === dictionaryId ? stored : property))
    : [stored, ...section.properties];
  return Object.freeze({
    ...section,
    properties: Object.freeze(properties),
    dictionary: Object.freeze(dictionary),
  });
}

export const storedProperty = (id: number, raw: Uint8Array): StoredProperty =>
  Object.freeze({ id, raw, aligned: true });
