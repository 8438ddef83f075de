/** What can be chosen when a PDF is protected (spec/pdf.md, "Wrapper"). */
export interface PdfSettings {
  /** `false` writes the encrypted document without a wrapper: only rights-aware readers show anything. */
  readonly wrapper?: boolean | undefined;
}
