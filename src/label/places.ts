import { isCompoundFile, isMimeMessage, isZip, pfileFormat } from '../container/index.ts';
import { compoundLabels } from './compound/place.ts';
import { gifLabels } from './image/gif.ts';
import { jpegLabels } from './image/jpeg.ts';
import { pngLabels } from './image/png.ts';
import { tiffLabels } from './image/tiff.ts';
import type { LabelPlace } from './label-place.ts';
import { mailLabels } from './mail/place.ts';
import { packageLabels } from './package/place.ts';
import { pdfLabels } from './pdf/place.ts';
import { pfileLabels } from './pfile-place.ts';

const startsWith =
  (...magics: readonly (readonly number[])[]) =>
  (head: Uint8Array): boolean =>
    magics.some((magic) => head.length >= magic.length && magic.every((byte, i) => head[i] === byte));

/** How the files of each kind begin, and where they keep labels. */
const places: readonly { readonly begins: (head: Uint8Array) => boolean; readonly place: LabelPlace }[] = [
  { begins: isZip, place: packageLabels },
  { begins: isCompoundFile, place: compoundLabels },
  { begins: pfileFormat.detect, place: pfileLabels },
  // `%PDF-`
  { begins: startsWith([0x25, 0x50, 0x44, 0x46, 0x2d]), place: pdfLabels },
  { begins: startsWith([0xff, 0xd8, 0xff]), place: jpegLabels },
  { begins: startsWith([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), place: pngLabels },
  // `GIF87a` and `GIF89a`.
  { begins: startsWith([0x47, 0x49, 0x46, 0x38]), place: gifLabels },
  // In either order of bytes, TIFF 6.0 section 2.
  { begins: startsWith([0x49, 0x49, 0x2a, 0], [0x4d, 0x4d, 0, 0x2a]), place: tiffLabels },
  // Text that begins like a message and like nothing else.
  { begins: (head) => isMimeMessage(head), place: mailLabels },
];

/** Where a file that begins with `head` keeps labels; `undefined` if files of its kind keep none. */
export const placeFor = (head: Uint8Array): LabelPlace | undefined =>
  places.find(({ begins }) => begins(head))?.place;
