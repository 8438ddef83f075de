import type { NewStream } from '../../compound-file/new-compound-file.ts';
import type { OfficeApplication } from '../document-parts.ts';
import { excelPlaceholder } from './excel-workbook.ts';
import { powerPointPlaceholder } from './powerpoint-document.ts';
import { wordPlaceholder } from './word-document.ts';

/** What a program that knows no rights management shows of a protected document. ASCII. */
export const placeholderSentence =
  'This document is protected with rights management. Open it with a program that supports rights management, signed in as a person who was given access.';

/**
 * The streams of a small document of the same application, which says that the real one is protected
 * (spec/office.md, "Placeholder documents"). None for applications of which no placeholder is known.
 */
export function placeholderStreams(application: OfficeApplication | undefined): readonly NewStream[] {
  switch (application) {
    case 'word':
      return wordPlaceholder(placeholderSentence);
    case 'excel':
      return excelPlaceholder(placeholderSentence);
    case 'powerpoint':
      return powerPointPlaceholder(placeholderSentence);
    default:
      return [];
  }
}
