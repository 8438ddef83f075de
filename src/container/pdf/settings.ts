/** What can be chosen when a PDF is protected (spec/pdf.md, "Wrapper"). */
export interface PdfSettings {
  /** `false` writes the encrypted document without a wrapper: only rights-aware readers show anything. */
  readonly wrapper?: boolean | undefined;
  /** What readers show that know nothing of rights management; by default a page of ours in several languages. */
  readonly cover?: PdfCover | undefined;
}

/**
 * The page that readers show which cannot open the document (spec/pdf.md, "Cover page"). It is not encrypted: put
 * nothing on it that not everyone may read.
 *
 * @example
 * ```ts
 * const cover: PdfCover = { languages: ['de', 'en'], paper: 'a4' };
 * ```
 */
export interface PdfCover {
  /** Languages of our own texts, the one to be set large first; by default all of them, English first. */
  readonly languages?: readonly CoverLanguage[] | undefined;
  /** Texts instead of ours, the one to be set large first. Characters of Western European languages only. */
  readonly texts?: readonly CoverText[] | undefined;
  /** The size of the page; A4 by default. */
  readonly paper?: 'a4' | 'letter' | undefined;
  /** A whole PDF, not encrypted, whose pages are shown instead of ours. */
  readonly document?: Uint8Array | undefined;
}

/** Languages that the cover page has texts in, by their codes (BCP 47). */
export type CoverLanguage = 'en' | 'de' | 'fr' | 'es' | 'it' | 'pt' | 'nl';

/** What the cover page says in one language. */
export interface CoverText {
  /** The language's code (BCP 47), `en`: screen readers pronounce the text by it. */
  readonly language: string;
  readonly title: string;
  readonly paragraphs: readonly string[];
}
