/** The code pages that a system has as its own. */
const systemCodePages: readonly number[] = [
  874,
  932,
  936,
  949,
  950,
  ...Array.from({ length: 9 }, (_, i) => 1250 + i),
];

/**
 * The code page of texts in the code page "of the system", which is stated nowhere: that of the body where a system may
 * have it, else Western European.
 */
export const ansiCodePage = (ofBody: number | undefined): number =>
  ofBody !== undefined && systemCodePages.includes(ofBody) ? ofBody : 1252;
