import { SealwrightError } from '../errors.ts';
import { type CipherMode, type CipherModeName, cipherModeNames } from './cipher-mode.ts';
import { cbcMode } from './mode/cbc.ts';
import { ecbMode } from './mode/ecb.ts';
import { gcm64kMode } from './mode/gcm64k.ts';

const cbc4k = { segmentLength: 4096, counterUnit: 1 } as const;

const modes: Readonly<Record<CipherModeName, CipherMode>> = {
  'MICROSOFT.CBC4K': cbcMode({ ...cbc4k, name: 'MICROSOFT.CBC4K', padded: true }),
  'MICROSOFT.CBC4K.NOPADDING': cbcMode({ ...cbc4k, name: 'MICROSOFT.CBC4K.NOPADDING', padded: false }),
  'MICROSOFT.CBC512.NOPADDING': cbcMode({
    name: 'MICROSOFT.CBC512.NOPADDING',
    segmentLength: 512,
    counterUnit: 512,
    padded: false,
  }),
  'MICROSOFT.ECB': ecbMode,
  'SEALWRIGHT.GCM64K': gcm64kMode,
};

/**
 * The cipher mode called `name`. Microsoft's modes keep content secret but do not notice changes; ours does.
 * spec/cipher-modes.md, "Names".
 *
 * @param name - a wire name as licenses carry it, in any case.
 * @throws SealwrightError `UNSUPPORTED_CIPHER_MODE` for any other name.
 * @example
 * ```ts
 * import { cipherMode } from 'sealwright/cipher';
 * console.log(cipherMode('microsoft.cbc4k').encryptedLength(4096)); // 4112
 * ```
 */
export function cipherMode(name: string): CipherMode {
  const wanted = name.toUpperCase();
  for (const known of cipherModeNames) if (known === wanted) return modes[known];
  throw new SealwrightError(
    'UNSUPPORTED_CIPHER_MODE',
    `The cipher mode ${JSON.stringify(name.slice(0, 64))} is not one of ${cipherModeNames.join(', ')}. Update Sealwright; when opening, a mode of your own can be handed in (cipherModes).`,
  );
}
