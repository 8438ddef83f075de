import type { XrmlDocument } from './documents.ts';
import type { XrmlFacts } from './facts.ts';
import type { SignatureVerdict } from './verify.ts';
import type { XmlElement } from './xml-element.ts';

/**
 * A document as the parser made it, which never changes, with what was found out about it. That is kept in the document
 * itself: a table beside it would keep documents in memory that nobody uses any more, until the next full collection.
 */
class ParsedDocument implements XrmlDocument {
  readonly source: string;
  readonly text: string;
  readonly root: XmlElement;
  readonly body: XmlElement;
  readonly bodyText: string;
  #facts: XrmlFacts | undefined;
  #verdict: SignatureVerdict | undefined;

  constructor(source: string, root: XmlElement, body: XmlElement) {
    this.source = source;
    this.text = source.slice(root.start, root.end);
    this.root = root;
    this.body = body;
    this.bodyText = source.slice(body.start, body.end);
    Object.freeze(this);
  }

  static facts(document: XrmlDocument, read: () => XrmlFacts): XrmlFacts {
    if (!(#facts in document)) return read();
    document.#facts ??= read();
    return document.#facts;
  }

  static factsBefore(document: XrmlDocument): XrmlFacts | undefined {
    return #facts in document ? document.#facts : undefined;
  }

  static verdict(document: XrmlDocument, find: () => SignatureVerdict): SignatureVerdict {
    if (!(#verdict in document)) return find();
    document.#verdict ??= find();
    return document.#verdict;
  }
}

/** The document of a parsed root with this body. */
export const parsedDocument = (source: string, root: XmlElement, body: XmlElement): XrmlDocument =>
  new ParsedDocument(source, root, body);

/** What a document states, read once; each time anew for one that somebody else put together. */
export const keptFacts = ParsedDocument.facts;

/** What a document states, if that was read before. */
export const factsReadBefore = ParsedDocument.factsBefore;

/** What became of a document's signature, found out once; each time anew for one that somebody else put together. */
export const keptVerdict = ParsedDocument.verdict;
