import { SealwrightError } from '../errors.ts';
import { findForbiddenCharacter, isXmlName } from './xml-characters.ts';

/** Finished markup, as opposed to text that still needs escaping. */
export interface XmlMarkup {
  readonly xml: string;
}

/** What may stand inside an element: markup, text to be escaped, or nothing. */
export type XmlContent = XmlMarkup | string | undefined;

/**
 * Writes one element: no white space between elements, attributes in the order given, and an element
 * without content as `<NAME />` with the space, the form the signatures of genuine licenses were made
 * over (spec/xrml.md, "Writing").
 *
 * @param attributes values are escaped; an `undefined` one is left out
 * @param content strings are escaped as text, markup is taken as it is, `undefined` is left out
 * @throws `INVALID_ARGUMENT` for a name or a character XML does not allow
 *
 * @example
 * ```ts
 * element('OBJECT', {}, element('ID', { type: 'Windows' }), element('NAME', {}, 'R&D')).xml;
 * // '<OBJECT><ID type="Windows" /><NAME>R&amp;D</NAME></OBJECT>'
 * ```
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...content: readonly XmlContent[]
): XmlMarkup {
  let xml = `<${checkedName(name)}`;
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) xml += ` ${checkedName(key)}="${escapeAttribute(value)}"`;
  let inside = '';
  for (const item of content) {
    if (item !== undefined) inside += typeof item === 'string' ? escapeText(item) : item.xml;
  }
  return Object.freeze({ xml: inside === '' ? `${xml} />` : `${xml}>${inside}</${name}>` });
}

/** Markup that already exists, such as an element copied verbatim from another document. */
export const markup = (xml: string): XmlMarkup => Object.freeze({ xml });

const textEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#13;',
};
const attributeEscapes: Readonly<Record<string, string>> = {
  ...textEscapes,
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
};

/** `text` as character data. @throws `INVALID_ARGUMENT` for a character XML does not allow */
export function escapeText(text: string): string {
  return checkedCharacters(text).replace(/[&<>\r]/g, (character) => textEscapes[character]!);
}

/** `text` for use between double quotes. @throws `INVALID_ARGUMENT` for a character XML does not allow */
export function escapeAttribute(text: string): string {
  return checkedCharacters(text).replace(/[&<>"\t\n\r]/g, (character) => attributeEscapes[character]!);
}

function checkedName(name: string): string {
  if (!isXmlName(name))
    throw new SealwrightError('INVALID_ARGUMENT', 'An XML element or attribute has no valid name.');
  return name;
}

function checkedCharacters(text: string): string {
  const offset = findForbiddenCharacter(text);
  if (offset < 0) return text;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `A text for a license holds a character that XML cannot carry, at character ${offset}. Remove control characters from it.`,
    { offset },
  );
}
