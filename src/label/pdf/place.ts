import type { LabelPlace } from '../label-place.ts';

/**
 * Labels in the Info dictionary and in the XMP packet of a PDF, of the wrapper where it is protected (spec/labels.md,
 * "PDF"). What an encrypted document states is encrypted too. What reads PDFs is loaded with the first one.
 *
 * @example
 * ```ts
 * const labelled = await pdfLabels.change(source, { set: { id: labelId, siteId: tenantId, name: 'Internal' } });
 * ```
 */
export const pdfLabels: LabelPlace = Object.freeze({
  name: 'pdf',
  async read(source, options) {
    const { readPdfLabels } = await import('./labelled-pdf.ts');
    return readPdfLabels(source, options);
  },
  async change(source, change, options) {
    const { changePdfLabels } = await import('./labelled-pdf.ts');
    return changePdfLabels(source, change, options);
  },
} satisfies LabelPlace);
