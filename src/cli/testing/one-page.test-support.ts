import { buildPdf, withPage } from '../../container/pdf/test/build-pdf.ts';

/** A PDF of one page that shows a text. */
export const onePage = (text: string): Uint8Array =>
  withPage(buildPdf(), `BT (${text}) Tj ET`).table('/Root 1 0 R').end().bytes();
