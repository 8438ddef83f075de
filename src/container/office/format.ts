import { fillTo } from './cipher-mode-for.ts';
import { examine, mayTake } from './examine.ts';
import { officeHeader } from './layout.ts';
import type { OfficeFormat } from './office-container.ts';
import { readOffice } from './read.ts';

export type { OfficeContainer, OfficeContents, OfficeFormat, StoredUseLicense } from './office-container.ts';

/** Office documents in their own format: the extension stays, Office recognises them (spec/office.md). */
export const officeFormat: OfficeFormat = Object.freeze({
  name: 'office',
  encrypts: 'content',
  // The end of a document says what it is, and a compound file says where everything is before it comes.
  needsRandomAccess: true,
  read: readOffice,
  mayTake,
  examine,
  fillTo,
  header: officeHeader,
  protectedName: (name: string) => name,
  originalName: (name: string) => name,
});
