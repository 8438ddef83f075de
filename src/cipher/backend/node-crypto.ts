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

interface NodeProcess {
  readonly getBuiltinModule?: (name: string) => unknown;
}

/**
 * `node:crypto` where the runtime has it, else `undefined`. It is asked for at run time and not imported, so
 * that a bundle for a browser holds no Node module.
 */
export function nodeCrypto(): NodeCrypto | undefined {
  const { process } = globalThis as { readonly process?: NodeProcess };
  return process?.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined;
}
