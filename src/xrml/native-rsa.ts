import { boundedMemory, builtinModule, encodeBase64 } from '../bytes/index.ts';
import type { XrmlPublicKey } from './public-key.ts';

/** A key as `node:crypto` holds it. */
type NodeKey = object & { readonly type?: 'public' };

/** The few members of `node:crypto` we call. */
interface NodeRsa {
  createPublicKey(key: { readonly key: JsonWebKey; readonly format: 'jwk' }): NodeKey;
  publicDecrypt(how: { readonly key: NodeKey; readonly padding: number }, bytes: Uint8Array): Uint8Array;
  readonly constants: { readonly RSA_NO_PADDING: number };
}

const native = builtinModule<NodeRsa>('node:crypto');

/** Keys of one organization and its neighbours; making one costs a fifth of using it. */
const mostKept = 64;

/** By the modulus itself. */
const keys = boundedMemory<string, NodeKey>(mostKept);

/**
 * The bare RSA operation under a public key, by the runtime's own code: no padding is read or believed there.
 *
 * @returns as many bytes as the modulus has; `undefined` where the runtime has no such code, or refuses key or value
 */
export function nativePublicOperation(key: XrmlPublicKey, value: Uint8Array): Uint8Array | undefined {
  if (native === undefined) return undefined;
  try {
    const how = { key: keyOf(native, key), padding: native.constants.RSA_NO_PADDING };
    return native.publicDecrypt(how, value);
  } catch {
    return undefined;
  }
}

const keyOf = ({ createPublicKey }: NodeRsa, { modulus }: XrmlPublicKey): NodeKey =>
  keys.get(encodeBase64(modulus), () => {
    const bigEndian = encodeBase64(new Uint8Array(modulus).reverse());
    const n = bigEndian.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    return createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' });
  });
