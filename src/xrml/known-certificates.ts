import { maxima } from '../bytes/index.ts';
import type { XrmlDocument } from './documents.ts';
import type { XmlElement } from './xml-element.ts';

/** Certificates kept: those above a few hundred people of one organization, or of a handful of them. */
const mostKept = 64;
/** UTF-16 units of a certificate that is kept; genuine ones have some 6,000. */
const longestKept = 16 * 1024;
/** UTF-16 units of the license it came in, which it keeps in memory; genuine ones have some 40,000. */
const longestSource = 64 * 1024;

/** A certificate with the number of its elements, which count for the license it stands in. */
interface Kept {
  readonly document: XrmlDocument;
  readonly elements: number;
}

/** By their whole text, the one used last at the end. Without secrets: certificates are public, and in each license. */
const kept = new Map<string, Kept>();

const startTag = '<XrML';
const endTag = '</XrML>';

/** A license in two parts. */
export interface SplitLicense {
  /** The text that is still to be parsed. */
  readonly front: string;
  /** The certificates behind it, which were parsed before. */
  readonly known: readonly XrmlDocument[];
  /** Elements in them. */
  readonly elements: number;
}

/**
 * Splits off the certificates at the end of a license that were parsed before, as one certificate stands in each
 * license of an organization. They are told by every character from tag to tag, so parsing them again would give the
 * same; where the text in front of them cannot be parsed alone, the whole must be.
 */
export function splitKnownCertificates(source: string): SplitLicense {
  const known: XrmlDocument[] = [];
  let elements = 0;
  let end = source.length;
  while (kept.size > 0 && known.length < maxima.chainLength && source.endsWith(endTag, end)) {
    const start = source.lastIndexOf(startTag, end);
    const found = start < 0 || !isKeptLength(end - start) ? undefined : kept.get(source.slice(start, end));
    if (found === undefined) break;
    use(found);
    known.unshift(found.document);
    elements += found.elements;
    end = start;
  }
  return { front: known.length === 0 ? source : source.slice(0, end), known, elements };
}

/** The same certificate as parsed before, if it was; else keeps it if it is likely to be met again. */
export function knownCertificate(document: XrmlDocument): XrmlDocument {
  const { root, body, text, source } = document;
  // A use license is made for one content; its root states its purpose.
  if (body.attributes.type !== 'LICENSE' || root.attributes.purpose !== undefined) return document;
  if (text.length > longestKept) return document;
  const found = kept.get(text);
  if (found !== undefined) return use(found).document;
  if (source.length <= longestSource) use({ document, elements: countElements(root) });
  return document;
}

/** Most documents need not be looked up to see that they are none of them. */
function isKeptLength(length: number): boolean {
  for (const text of kept.keys()) if (text.length === length) return true;
  return false;
}

function use(entry: Kept): Kept {
  kept.delete(entry.document.text);
  kept.set(entry.document.text, entry);
  if (kept.size > mostKept) kept.delete(kept.keys().next().value as string);
  return entry;
}

// Recursion is bounded: the parser refuses more than `maxima.xmlDepth` levels.
const countElements = (element: XmlElement): number =>
  element.children.reduce((sum, child) => sum + countElements(child), 1);
