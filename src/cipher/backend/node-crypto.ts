import { builtinModule } from '../../bytes/index.ts';

/** The few members of `node:crypto` we call, in our own words, so that nothing is imported. */
export interface NodeCrypto {
  createCipheriv(algorithm: string, key: Uint8Array, iv: Uint8Array | null): NodeCipher;
  createDecipheriv(algorithm: string, key: Uint8Array, iv: Uint8Array | null): NodeDecipher;
}

export interface NodeCipher {
  update(bytes: Uint8Array): Uint8Array;
  final(): Uint8Array;
  setAutoPadding(on: boolean): unknown;
  getAuthTag(): Uint8Array;
}

export interface NodeDecipher {
  update(bytes: Uint8Array): Uint8Array;
  final(): Uint8Array;
  setAutoPadding(on: boolean): unknown;
  setAuthTag(tag: Uint8Array): unknown;
}

/** `node:crypto` where the runtime has it, else `undefined`. */
export const nodeCrypto = (): NodeCrypto | undefined => builtinModule<NodeCrypto>('node:crypto');
