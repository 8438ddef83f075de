import { trimXmlSpace } from './xml-characters.ts';

/**
 * One element of a parsed text: frozen plain data. Offsets count UTF-16 units of the text that was parsed,
 * so `text.slice(start, end)` is the element exactly as it stands there.
 */
export interface XmlElement {
  readonly name: string;
  /** Decoded values by name; has no prototype, so any name is safe to look up. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Decoded character data directly inside this element, pieces between children joined. */
  readonly text: string;
  /** Offset of the `<` of the start tag. */
  readonly start: number;
  /** Offset behind the `>` of the start tag. */
  readonly contentStart: number;
  /** Offset of the `<` of the end tag; `contentStart` for `<X />`. */
  readonly contentEnd: number;
  /** Offset behind the last `>`. */
  readonly end: number;
}

/** The first child with this name. */
export function childNamed(element: XmlElement | undefined, name: string): XmlElement | undefined {
  if (element !== undefined) for (const child of element.children) if (child.name === name) return child;
  return undefined;
}

const none: readonly XmlElement[] = Object.freeze([]);

/** All children with this name, in order. */
export function childrenNamed(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  if (element === undefined) return none;
  const found: XmlElement[] = [];
  for (const child of element.children) if (child.name === name) found.push(child);
  return found;
}

/** The element reached by taking the first child of each name in turn. */
export function elementAt(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  let at = element;
  for (const name of path) at = childNamed(at, name);
  return at;
}

/** All elements below `element` with this name, in document order. */
export function descendantsNamed(element: XmlElement, name: string): readonly XmlElement[] {
  return descendants(element, (each) => each === name);
}

/** All elements below `element` with a wanted name, in document order. */
export function descendants(element: XmlElement, wanted: (name: string) => boolean): XmlElement[] {
  const found: XmlElement[] = [];
  // Recursion is bounded: the parser refuses more than `maxima.xmlDepth` levels.
  const visit = (parent: XmlElement): void => {
    for (const child of parent.children) {
      if (wanted(child.name)) found.push(child);
      if (child.children.length > 0) visit(child);
    }
  };
  visit(element);
  return found;
}

/** Text of an element without surrounding white space; `undefined` if the element or its text is missing. */
export function trimmedText(element: XmlElement | undefined): string | undefined {
  const text = element === undefined ? '' : trimXmlSpace(element.text);
  return text === '' ? undefined : text;
}
