import { decodeUtf8, decodeUtf16le, encodeUtf8, encodeUtf16le, maxima } from '../bytes/index.ts';
import { parseXml, type XmlElement } from '../xrml/index.ts';
import { type Namespaces, namespacesOf, noNamespaces } from './namespaces.ts';

/** A small XML document of an Office file, open for edits of its text. */
export interface XmlPart {
  /** The text as stored, without a byte-order mark. */
  readonly text: string;
  readonly root: NamedElement;
  /** A changed text as bytes, in the encoding and with the byte-order mark of the part. */
  encode(text: string): Uint8Array;
}

/** An element under its namespace; whatever prefix the writer chose. */
export interface NamedElement {
  readonly element: XmlElement;
  readonly namespace: string;
  readonly name: string;
  /** The prefix with its colon, for a sibling or a child in the same namespace; empty for the default one. */
  readonly prefix: string;
  children(): readonly NamedElement[];
}

/** A change of a text: what stood between two offsets gives way. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const limits = {
  characters: maxima.partBytes,
  depth: 64,
  elements: 200_000,
  attributes: 64,
} as const;

const declaration = /^<\?xml[ \t\r\n][^<>]{0,200}\?>/;
const declaredEncoding = /encoding[ \t\r\n]*=[ \t\r\n]*["']([^"']*)["']/;

/** The document in `bytes`, or `undefined` if it cannot be read: no XML, a document type, another encoding, too much of it. */
export function readXmlPart(bytes: Uint8Array): XmlPart | undefined {
  if (bytes.length > maxima.partBytes) return undefined;
  try {
    const { text, encode } = decode(bytes);
    const end = endOfRoot(text);
    const start = startOfRoot(text);
    // Comments and instructions around the root are no concern of the parser; blanks keep its offsets right.
    const root = parseXml(' '.repeat(start) + text.slice(start, end), limits);
    return Object.freeze({ text, root: named(root, noNamespaces), encode });
  } catch {
    return undefined;
  }
}

/** `text` with all `edits` made, which must not overlap; what is put in comes before what is taken out at the same place. */
export function editText(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** The edit that puts markup at the end of an element, or behind one of its children. */
export function insertion(text: string, parent: NamedElement, markup: string, behind?: XmlElement): TextEdit {
  const { name, contentStart, contentEnd, end } = parent.element;
  if (behind !== undefined) return { start: behind.end, end: behind.end, text: markup };
  if (contentStart < end) return { start: contentEnd, end: contentEnd, text: markup };
  // `<X />` has no inside yet.
  const slash = text.lastIndexOf('/', end);
  return { start: text.slice(0, slash).trimEnd().length, end, text: `>${markup}</${name}>` };
}

/** The edit that takes an element out, with the blanks that set it apart from what stands before it. */
export function deletion(text: string, element: XmlElement): TextEdit {
  let start = element.start;
  while (start > 0 && ' \t\r\n'.includes(text.charAt(start - 1))) start--;
  return { start: text.charAt(start - 1) === '>' ? start : element.start, end: element.end, text: '' };
}

function decode(bytes: Uint8Array): { readonly text: string; readonly encode: XmlPart['encode'] } {
  const [first, second, third] = bytes;
  const utf8Mark = first === 0xef && second === 0xbb && third === 0xbf;
  const littleMark = first === 0xff && second === 0xfe;
  const bigMark = first === 0xfe && second === 0xff;
  const mark = utf8Mark || littleMark || bigMark ? '\ufeff' : '';
  if (littleMark || (first === 0x3c && second === 0))
    return { text: trimmed(decodeUtf16le(bytes)), encode: (text) => encodeUtf16le(mark + text) };
  if (bigMark || (first === 0 && second === 0x3c))
    return {
      text: trimmed(decodeUtf16le(swapped(bytes))),
      encode: (text) => swapped(encodeUtf16le(mark + text)),
    };
  const text = trimmed(decodeUtf8(bytes));
  const encoding = declaredEncoding.exec(declaration.exec(text)?.[0] ?? '')?.[1] ?? 'utf-8';
  if (/^utf-?(?:8|16)$/i.test(encoding)) return { text, encode: (changed) => encodeUtf8(mark + changed) };
  if (bytes.some((byte) => byte > 0x7f)) throw new TypeError('another encoding');
  return { text, encode: (changed) => encodeUtf8(inAscii(changed)) };
}

/** Text of a document whose encoding is only known to hold ASCII. Its markup does; references stand for the rest. */
const inAscii = (text: string): string =>
  text.replace(/\P{ASCII}/gu, (character) => `&#${character.codePointAt(0)};`);

/** Some writers fill up streams with zeros. */
function trimmed(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}

function swapped(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length - (bytes.length % 2));
  for (let at = 0; at < result.length; at += 2) {
    result[at] = bytes[at + 1]!;
    result[at + 1] = bytes[at]!;
  }
  return result;
}

function startOfRoot(text: string): number {
  let at = declaration.exec(text)?.[0].length ?? 0;
  for (;;) {
    while (' \t\r\n'.includes(text.charAt(at) || '-')) at++;
    const close = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : undefined;
    const end = close === undefined ? -1 : text.indexOf(close, at + 2);
    if (close === undefined || end < 0) return at;
    at = end + close.length;
  }
}

function endOfRoot(text: string): number {
  let end = text.length;
  for (;;) {
    while (end > 0 && ' \t\r\n'.includes(text.charAt(end - 1))) end--;
    const open = text.endsWith('-->', end) ? '<!--' : text.endsWith('?>', end) ? '<?' : undefined;
    const start = open === undefined ? -1 : text.lastIndexOf(open, end - 1);
    if (start < 0) return end;
    end = start;
  }
}

function named(element: XmlElement, inherited: Namespaces): NamedElement {
  const namespaces = namespacesOf(element, inherited);
  const colon = element.name.indexOf(':');
  const prefix = element.name.slice(0, colon + 1);
  return {
    element,
    namespace: namespaces(prefix.slice(0, -1)) ?? '',
    name: element.name.slice(colon + 1),
    prefix,
    children: () => element.children.map((child) => named(child, namespaces)),
  };
}
