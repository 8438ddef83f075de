import { maxima } from '../bytes/index.ts';
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
  return WrittenElement.of(name, attributes, content);
}

/** How much stands in an element that was written here to the last part of it, and so is well-formed. */
export interface WrittenSize {
  readonly elements: number;
  /** Levels, its own included. */
  readonly depth: number;
}

/** An element with what is known of it; nobody else can make one that says something of itself. */
class WrittenElement implements XmlMarkup {
  readonly xml: string;
  /** None if any part came as finished markup, which has to be parsed to know what it is. */
  readonly #elements: number;
  readonly #depth: number;
  readonly #isDocumentPart: boolean;

  private constructor(xml: string, elements: number, depth: number, isDocumentPart: boolean) {
    this.xml = xml;
    this.#elements = elements;
    this.#depth = depth;
    this.#isDocumentPart = isDocumentPart;
    Object.freeze(this);
  }

  static of(
    name: string,
    attributes: Readonly<Record<string, string | undefined>>,
    content: readonly XmlContent[],
  ): WrittenElement {
    let xml = `<${checkedName(name)}`;
    let given = 0;
    for (const key of Object.keys(attributes)) {
      const value = attributes[key];
      if (value === undefined) continue;
      xml += ` ${checkedName(key)}="${escapeAttribute(value)}"`;
      given++;
    }
    let inside = '';
    let elements = 1;
    let depth = 1;
    let known = given <= maxima.xmlAttributes;
    for (const item of content) {
      if (item === undefined) continue;
      if (typeof item === 'string') {
        inside += escapeText(item);
        continue;
      }
      inside += item.xml;
      if (#elements in item && item.#elements > 0 && !item.#isDocumentPart) {
        elements += item.#elements;
        if (item.#depth >= depth) depth = item.#depth + 1;
      } else known = false;
    }
    xml = inside === '' ? `${xml} />` : `${xml}>${inside}</${name}>`;
    return new WrittenElement(xml, known ? elements : 0, depth, name === 'BODY' || name === 'XrML');
  }

  static sizeOf(body: XmlMarkup): WrittenSize | undefined {
    if (!(#elements in body) || body.#elements === 0) return undefined;
    return body.#isDocumentPart ? { elements: body.#elements, depth: body.#depth } : undefined;
  }
}

/**
 * How much stands in a `BODY` or `XrML` that holds no other one; `undefined` for anything else, and for what came as
 * finished markup anywhere inside.
 */
export const { sizeOf } = WrittenElement;

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

// Nearly every text needs nothing done to it, and one look shows it.
const specialInText = /[^\t\n -%'-;=?-\ud7ff\ue000-\ufffd]/;
const specialInAttribute = /[^ !#-%'-;=?-\ud7ff\ue000-\ufffd]/;

/** `text` as character data. @throws `INVALID_ARGUMENT` for a character XML does not allow */
export function escapeText(text: string): string {
  if (!specialInText.test(text)) return text;
  return checkedCharacters(text).replace(/[&<>\r]/g, (character) => textEscapes[character]!);
}

/** `text` for use between double quotes. @throws `INVALID_ARGUMENT` for a character XML does not allow */
export function escapeAttribute(text: string): string {
  if (!specialInAttribute.test(text)) return text;
  return checkedCharacters(text).replace(/[&<>"\t\n\r]/g, (character) => attributeEscapes[character]!);
}

/** Names that were checked: those of licenses are few. */
const goodNames = new Set<string>();
const mostGoodNames = 256;
const longestGoodName = 64;

function checkedName(name: string): string {
  if (goodNames.has(name)) return name;
  if (!isXmlName(name))
    throw new SealwrightError('INVALID_ARGUMENT', 'An XML element or attribute has no valid name.');
  if (goodNames.size < mostGoodNames && name.length <= longestGoodName) goodNames.add(name);
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
