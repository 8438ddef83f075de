import { isZip } from '../container/index.ts';
import type { LabelPlace } from './label-place.ts';
import { packageLabels } from './package/place.ts';

/** How the files of each kind begin, and where they keep labels. */
const places: readonly { readonly begins: (head: Uint8Array) => boolean; readonly place: LabelPlace }[] = [
  { begins: isZip, place: packageLabels },
];

/** Where a file that begins with `head` keeps labels; `undefined` if files of its kind keep none. */
export const placeFor = (head: Uint8Array): LabelPlace | undefined =>
  places.find(({ begins }) => begins(head))?.place;
