import { decodeUtf8, encodeUtf8, maxima } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import {
  decodeReferences,
  findForbiddenCharacter,
  isBlank,
  isXmlSpace,
  xmlNamePattern,
} from './xml-characters.ts';
import type { XmlElement } from './xml-element.ts';

/** How much a text may hold before {@link parseXml} refuses it; each defaults to its entry in `maxima`. */
export interface XmlLimits {
  /** UTF-16 units of the text. */
  readonly characters?: number;
  /** Nested elements. */
  readonly depth?: number;
  /** Elements in the whole text. */
  readonly elements?: number;
  /** Attributes of one element. */
  readonly attributes?: number;
  /** Root elements of {@link parseXmlSequence}. */
  readonly roots?: number;
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  readonly start: number;
  readonly contentStart: number;
  text: string;
  /** Offset of a comment directly inside. */
  comment: number | undefined;
}

const noAttributes: Readonly<Record<string, string>> = Object.freeze(Object.create(null));
const noChildren: readonly XmlElement[] = Object.freeze([]);
const declaration =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(["'])1\.0\1(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(["'])[A-Za-z][\w.-]*\2)?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(["'])(?:yes|no)\3)?[ \t\r\n]*\?>/y;

/**
 * Parses one XML element, with an optional XML declaration before it and white space around it.
 *
 * Strict and small on purpose (spec/xrml.md, "The XML we read"): no document type, no processing
 * instruction, no CDATA section, no entity beyond the five, and comments only where they cannot be
 * read in two ways. One pass, no recursion, time linear in the length of the text.
 *
 * @param text the text, already decoded
 * @throws `MALFORMED_LICENSE` with `offset` in UTF-16 units; `LIMIT_EXCEEDED` for more than the limits allow
 *
 * @example
 * ```ts
 * const root = parseXml('<NAME lang="en">Contoso &amp; Co</NAME>');
 * root.text; // 'Contoso & Co'
 * ```
 */
export function parseXml(text: string, limits: XmlLimits = {}): XmlElement {
  const root = parseXmlSequence(text, { ...limits, roots: 1 })[0];
  if (root === undefined) throw malformed('it has no element', text.length);
  return root;
}

/**
 * Like {@link parseXml} for several root elements one after the other, as licenses are glued together.
 *
 * @throws `MALFORMED_LICENSE` with `offset`; `LIMIT_EXCEEDED`
 */
export function parseXmlSequence(text: string, limits: XmlLimits = {}): readonly XmlElement[] {
  const maximumDepth = limits.depth ?? maxima.xmlDepth;
  const maximumElements = limits.elements ?? maxima.xmlElements;
  const maximumRoots = limits.roots ?? maxima.chainLength;
  const maximumCharacters = limits.characters ?? maxima.licenseBytes;
  if (text.length > maximumCharacters) throw tooMany('characters', maximumCharacters, maximumCharacters);
  const forbidden = findForbiddenCharacter(text);
  if (forbidden >= 0) throw malformed('it holds a character that XML does not allow', forbidden);
  const holdsCdataEnd = text.includes(']]>');

  const roots: XmlElement[] = [];
  const open: OpenElement[] = [];
  let elements = 0;
  declaration.lastIndex = 0;
  let at = declaration.exec(text)?.[0].length ?? 0;

  const close = (element: OpenElement, contentEnd: number, end: number): void => {
    // A reader that stops at the comment and one that joins the pieces would see different values.
    if (element.comment !== undefined && !isBlank(element.text, 0, element.text.length))
      throw malformed('a comment stands inside a text value', element.comment);
    const { name, attributes, children, text: value, start, contentStart } = element;
    const frozen = children.length === 0 ? noChildren : Object.freeze(children);
    const done = Object.freeze({
      name,
      attributes,
      children: frozen,
      text: value,
      start,
      contentStart,
      contentEnd,
      end,
    });
    const parent = open[open.length - 1];
    if (parent !== undefined) parent.children.push(done);
    else if (roots.length === maximumRoots) throw tooMany('documents', maximumRoots, start);
    else roots.push(done);
  };

  while (at < text.length) {
    const tag = text.indexOf('<', at);
    const textEnd = tag < 0 ? text.length : tag;
    const parent = open[open.length - 1];
    if (textEnd > at) {
      if (parent !== undefined) parent.text += characterData(text.slice(at, textEnd), at, holdsCdataEnd);
      else if (!isBlank(text, at, textEnd)) throw malformed('text stands outside the elements', at);
    }
    if (tag < 0) break;

    const next = text.charCodeAt(tag + 1);
    if (next === 0x2f) {
      if (parent === undefined || !text.startsWith(parent.name, tag + 2))
        throw malformed('an end tag does not match its start tag', tag);
      const end = skipSpace(text, tag + 2 + parent.name.length);
      if (text.charCodeAt(end) !== 0x3e) throw malformed('an end tag does not match its start tag', tag);
      open.pop();
      close(parent, tag, end + 1);
      at = end + 1;
    } else if (next === 0x21) {
      at = skipComment(text, tag, parent);
    } else if (next === 0x3f) {
      throw malformed('processing instructions are not accepted', tag);
    } else {
      if (++elements > maximumElements) throw tooMany('elements', maximumElements, tag);
      if (open.length >= maximumDepth) throw tooMany('nested elements', maximumDepth, tag);
      const { name, attributes, length } = startTagAt(text, tag, limits.attributes ?? maxima.xmlAttributes);
      at = tag + length;
      const empty = text.charCodeAt(at - 2) === 0x2f;
      const element: OpenElement = {
        name,
        attributes,
        children: [],
        start: tag,
        contentStart: at,
        text: '',
        comment: undefined,
      };
      if (empty) close(element, at, at);
      else open.push(element);
    }
  }
  const unclosed = open[open.length - 1];
  if (unclosed !== undefined) throw malformed('an element is not closed', unclosed.start);
  return Object.freeze(roots);
}

function malformed(problem: string, offset: number): SealwrightError {
  return new SealwrightError(
    'MALFORMED_LICENSE',
    `The license is not well-formed XML: ${problem}, at character ${offset}. Get a fresh copy of it.`,
    { offset },
  );
}

function tooMany(what: string, maximum: number, offset: number): SealwrightError {
  return new SealwrightError(
    'LIMIT_EXCEEDED',
    `The license holds more than ${maximum} ${what}, which no genuine license does. Get a fresh copy of it.`,
    { offset },
  );
}

function skipSpace(text: string, at: number): number {
  let position = at;
  while (isXmlSpace(text.charCodeAt(position))) position++;
  return position;
}

function nameAt(text: string, at: number): string {
  xmlNamePattern.lastIndex = at;
  const name = xmlNamePattern.exec(text)?.[0];
  if (name === undefined) throw malformed('a name was expected', at);
  return name;
}

/** Line ends become line feeds before references are decoded, as XML 1.0 section 2.11 asks. */
function decode(raw: string, offset: number): string {
  const text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
  return decodeReferences(text, () => malformed('an entity is unknown', offset));
}

function characterData(raw: string, offset: number, holdsCdataEnd: boolean): string {
  if (holdsCdataEnd && raw.includes(']]>')) throw malformed('"]]>" stands inside text', offset);
  return decode(raw, offset);
}

/** A start tag with what is in it. */
interface StartTag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** How many attributes there are. */
  readonly count: number;
  /** UTF-16 units from `<` through `>`. */
  readonly length: number;
}

/** By their whole text. Licenses are made of a few dozen that come again and again. */
let startTags = new Map<string, StartTag>();
const mostStartTags = 512;
const longestStartTag = 160;

function startTagAt(text: string, tag: number, maximum: number): StartTag {
  const end = text.indexOf('>', tag) + 1;
  // One that is not closed is read from where it stands, to tell where.
  if (end === 0 || end - tag > longestStartTag) return readStartTag(text, tag, maximum);
  const written = text.slice(tag, end);
  const known = startTags.get(written);
  if (known !== undefined && known.count <= maximum) return known;
  const read = readStartTag(text, tag, maximum);
  // A ">" may stand in an attribute value too: then the tag is longer than what it would be found by.
  if (read.length === written.length) {
    if (startTags.size >= mostStartTags) startTags = new Map();
    // Read once more from a copy of its own, or it would keep the whole license in memory.
    const own = decodeUtf8(encodeUtf8(written));
    startTags.set(own, readStartTag(own, 0, maximum));
  }
  return read;
}

function readStartTag(text: string, tag: number, maximum: number): StartTag {
  const name = nameAt(text, tag + 1);
  const start = tag + 1 + name.length;
  let attributes: Record<string, string> | undefined;
  let count = 0;
  let at = start;
  for (;;) {
    const afterSpace = skipSpace(text, at);
    const unit = text.charCodeAt(afterSpace);
    if (unit === 0x3e || (unit === 0x2f && text.charCodeAt(afterSpace + 1) === 0x3e))
      return {
        name,
        attributes: attributes === undefined ? noAttributes : Object.freeze(attributes),
        count,
        length: afterSpace + (unit === 0x2f ? 2 : 1) - tag,
      };
    if (afterSpace === at) throw malformed('a start tag is damaged', at);
    if (++count > maximum) throw tooMany('attributes on one element', maximum, afterSpace);
    const attribute = nameAt(text, afterSpace);
    const equals = skipSpace(text, afterSpace + attribute.length);
    if (text.charCodeAt(equals) !== 0x3d) throw malformed('an attribute has no value', afterSpace);
    const quote = skipSpace(text, equals + 1);
    const mark = text.charAt(quote);
    if (mark !== '"' && mark !== "'") throw malformed('an attribute value is not quoted', quote);
    const end = text.indexOf(mark, quote + 1);
    if (end < 0) throw malformed('an attribute value does not end', quote);
    const raw = text.slice(quote + 1, end);
    if (raw.includes('<')) throw malformed('"<" stands inside an attribute value', quote);
    attributes ??= Object.create(null) as Record<string, string>;
    if (attribute in attributes) throw malformed('an attribute appears twice', afterSpace);
    attributes[attribute] = attributeValue(raw, quote);
    at = end + 1;
  }
}

/** White space in an attribute value reads as spaces (XML 1.0 section 3.3.3), before references are decoded. */
function attributeValue(raw: string, offset: number): string {
  const text = /[\t\n\r]/.test(raw) ? raw.replace(/\r\n|[\t\n\r]/g, ' ') : raw;
  return decodeReferences(text, () => malformed('an entity is unknown', offset));
}

/**
 * Skips a comment and gives the offset behind it. A comment that holds markup could hide a second
 * `<BODY` from one reader and show it to another, so only comments without any are passed over; the
 * one seen in a genuine document (a signed application manifest) is of that kind.
 */
function skipComment(text: string, at: number, parent: OpenElement | undefined): number {
  if (!text.startsWith('<!--', at)) throw malformed('document types and CDATA sections are not accepted', at);
  const end = text.indexOf('--', at + 4);
  if (end < 0 || text.charCodeAt(end + 2) !== 0x3e) throw malformed('a comment is damaged', at);
  if (parent === undefined) throw malformed('a comment stands outside the elements', at);
  const comment = text.slice(at + 4, end);
  if (/[<>&]/.test(comment)) throw malformed('a comment holds markup', at);
  parent.comment ??= at;
  return end + 3;
}
