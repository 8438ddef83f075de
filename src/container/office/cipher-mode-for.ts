/** Whole blocks that real files in CBC are filled up to, in bytes (spec/office.md, "Filling"). */
export const fillingBlock = 4096;

const padded = 'MICROSOFT.CBC4K';
const unpadded = 'MICROSOFT.CBC4K.NOPADDING';

/**
 * The mode to decrypt with when the license says `licensed`. A license names CBC4K for content with padding
 * of its own and for content that was filled up to whole blocks; which one it is only the lengths tell
 * (spec/office.md, "Filling"). Where they do not, padding is not looked for: the stored size cuts it off.
 *
 * @param licensed the mode as the license names it, in any case
 * @param originalSize bytes of the document, as the file states them
 * @param contentLength bytes of the encrypted content
 */
export function cipherModeFor(licensed: string, originalSize: number, contentLength: number): string {
  if (licensed.toUpperCase() !== padded) return licensed;
  const withPadding = originalSize - (originalSize % 16) + 16;
  const filled = Math.ceil(originalSize / fillingBlock) * fillingBlock;
  return contentLength === withPadding && contentLength !== filled ? licensed : unpadded;
}

/** The content is filled with zeros up to a multiple of this in `mode` (spec/office.md, "Filling"). */
export const fillTo = (mode: { readonly name: string; readonly alignment: number }): number =>
  mode.name === unpadded ? fillingBlock : mode.alignment;
