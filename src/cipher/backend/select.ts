import type { MaybePromise } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { AesKey, CryptoBackend } from '../crypto-backend.ts';
import { nobleBackend } from './noble.ts';
import { nodeBackend } from './node.ts';
import { webcryptoBackend } from './webcrypto.ts';

/**
 * Windows below this go to `noble` where the platform's cipher is asynchronous: the turn of the event loop
 * costs more than the arithmetic. Measured in Node 20: CBC is even at 2 KiB, GCM at 1 KiB.
 */
const smallWindow = 2048;

/**
 * The fastest back-end here for keys of `keyLength` bytes: `node:crypto`, else WebCrypto with `noble` for
 * small windows, else `noble` alone. spec/cipher-modes.md, "Back-ends".
 *
 * @param keyLength - bytes of the key, 16, 24 or 32; some browsers lack 24.
 * @example
 * ```ts
 * import { defaultBackend } from 'sealwright/cipher';
 * console.log(defaultBackend().name); // 'node' under Node.js
 * ```
 */
export function defaultBackend(keyLength = 32): CryptoBackend {
  if (nodeBackend.supports(keyLength)) return nodeBackend;
  if (webcryptoBackend.supports(keyLength)) return webcryptoForLargeWindows;
  return nobleBackend;
}

/** `chosen` if the caller chose and it can, else {@link defaultBackend}; a choice is never quietly replaced. */
export function backendFor(keyLength: number, chosen?: CryptoBackend): CryptoBackend {
  if (!chosen) return defaultBackend(keyLength);
  if (chosen.supports(keyLength)) return chosen;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `The back-end "${chosen.name}" cannot work here with keys of ${keyLength} bytes. Leave the choice to the library.`,
  );
}

const webcryptoForLargeWindows: CryptoBackend = {
  name: 'webcrypto',
  supports: (keyLength) => webcryptoBackend.supports(keyLength),
  async importKey(key) {
    return bySize(nobleBackend.importKey(key), await webcryptoBackend.importKey(key));
  },
};

/** One key in two back-ends: `small` takes windows below {@link smallWindow}, `large` the others. */
export function bySize(small: AesKey, large: AesKey): AesKey {
  const pick = (input: Uint8Array): AesKey => (input.length < smallWindow ? small : large);
  return {
    // WebCrypto has no ECB encryption; its back-end asks noble as well, only later.
    ecbEncrypt: (input, output) => small.ecbEncrypt(input, output),
    ecbDecrypt: (input, output) => pick(input).ecbDecrypt(input, output),
    cbcEncrypt: (input, output, segment, counters): MaybePromise<void> =>
      pick(input).cbcEncrypt(input, output, segment, counters),
    cbcDecrypt: (input, output, segment, counters): MaybePromise<void> =>
      pick(input).cbcDecrypt(input, output, segment, counters),
    gcmEncrypt: (input, output, segment, nonces): MaybePromise<void> =>
      pick(input).gcmEncrypt(input, output, segment, nonces),
    gcmDecrypt: (input, output, segment, nonces): MaybePromise<void> =>
      pick(input).gcmDecrypt(input, output, segment, nonces),
    wipe() {
      small.wipe();
      large.wipe();
    },
  };
}
