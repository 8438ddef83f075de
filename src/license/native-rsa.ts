import { builtinModule, equalBytes, plainView } from '../bytes/index.ts';
import { exclusiveKeys } from './exclusive-keys.ts';
import { type RsaPublicKey, toJsonWebKey } from './rsa-public-key.ts';

/** A key as `node:crypto` holds it. */
type NodeKey = object & { readonly type?: 'public' | 'private' };

/** The few members of `node:crypto` we call. */
interface NodeRsa {
  createPrivateKey(key: {
    readonly key: Uint8Array;
    readonly format: 'der';
    readonly type: 'pkcs8';
  }): NodeKey;
  createPublicKey(key: { readonly key: JsonWebKey; readonly format: 'jwk' }): NodeKey;
  sign(
    hash: 'sha256',
    data: Uint8Array,
    how: { readonly key: NodeKey; readonly padding: number },
    done: (error: Error | null, signature: Uint8Array) => void,
  ): void;
  publicEncrypt(
    how: { readonly key: NodeKey; readonly padding: number; readonly oaepHash: 'sha1' },
    message: Uint8Array,
  ): Uint8Array;
  readonly constants: { readonly RSA_PKCS1_PADDING: number; readonly RSA_PKCS1_OAEP_PADDING: number };
}

const native = builtinModule<NodeRsa>('node:crypto');

/** Makes an RSASSA-PKCS1-v1_5 signature with SHA-256. */
export type Sign = (data: Uint8Array) => Promise<Uint8Array>;

/**
 * Signs on the thread pool of Node, without what WebCrypto adds to each call.
 *
 * @param pkcs8 - read at once and not kept
 * @param handles - signatures that are made at once; more wait
 * @param expected - what signing `probe` has to give
 * @returns `undefined` where the runtime has no such code, or it gives anything else
 */
export async function nativeSigner(
  pkcs8: Uint8Array,
  handles: number,
  probe: Uint8Array,
  expected: Uint8Array,
): Promise<Sign | undefined> {
  if (native === undefined) return undefined;
  const { createPrivateKey, sign, constants } = native;
  try {
    const ways = Array.from({ length: handles }, () => ({
      key: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
      padding: constants.RSA_PKCS1_PADDING,
    }));
    const lend = exclusiveKeys(ways);
    const signer: Sign = (data) => {
      // Whoever calls may use its memory again while this waits for a key.
      const signed = data.slice();
      return lend(
        (way) =>
          new Promise((resolve, reject) => {
            sign('sha256', signed, way, (error, signature) => {
              if (error === null || error === undefined) resolve(plainView(signature));
              else reject(error);
            });
          }),
      );
    };
    return equalBytes(await signer(probe), expected) ? signer : undefined;
  } catch {
    return undefined;
  }
}

/** Making a key costs a fifth of using it; the server key is used for every license. */
const made = new WeakMap<RsaPublicKey, NodeKey>();

/** RSA-OAEP with SHA-1, at once; `undefined` where the runtime has no such code, or refuses key or message. */
export function nativeEncrypt(recipient: RsaPublicKey, message: Uint8Array): Uint8Array | undefined {
  if (native === undefined) return undefined;
  try {
    let key = made.get(recipient);
    if (key === undefined) {
      key = native.createPublicKey({ key: toJsonWebKey(recipient), format: 'jwk' });
      made.set(recipient, key);
    }
    const padding = native.constants.RSA_PKCS1_OAEP_PADDING;
    return plainView(native.publicEncrypt({ key, padding, oaepHash: 'sha1' }, message));
  } catch {
    return undefined;
  }
}
