import { builtinModule } from './builtin-module.ts';

/** The few members of a Node `Buffer` we call. */
interface NodeBuffer {
  toString(encoding: 'base64' | 'hex'): string;
  write(text: string, encoding: 'base64' | 'utf16le'): number;
}

interface NodeBufferModule {
  readonly Buffer: { from(memory: ArrayBufferLike, offset: number, length: number): NodeBuffer };
}

/** Encodings by the runtime's own code: many times as fast as ours, for whoever writes thousands of licenses. */
export interface NativeText {
  encodeUtf16le(text: string): Uint8Array;
  encodeHex(bytes: Uint8Array): string;
  encodeBase64(bytes: Uint8Array): string;
  /** Bytes of base64 in the one form that has neither white space nor anything missing; `undefined` for any other text. */
  decodePlainBase64(text: string): Uint8Array | undefined;
}

/** {@link NativeText} where the runtime has it, else `undefined`. */
export function nativeText(): NativeText | undefined {
  const module = builtinModule<NodeBufferModule>('node:buffer');
  if (module === undefined) return undefined;
  // Over memory of our own: Node would take small buffers from one that everybody shares.
  const over = ({ buffer, byteOffset, byteLength }: Uint8Array): NodeBuffer =>
    module.Buffer.from(buffer, byteOffset, byteLength);
  return {
    encodeUtf16le(text) {
      const bytes = new Uint8Array(text.length * 2);
      over(bytes).write(text, 'utf16le');
      return bytes;
    },
    encodeHex: (bytes) => over(bytes).toString('hex'),
    encodeBase64: (bytes) => over(bytes).toString('base64'),
    decodePlainBase64(text) {
      if (text.length % 4 !== 0) return undefined;
      const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
      const bytes = new Uint8Array((text.length / 4) * 3 - padding);
      const memory = over(bytes);
      memory.write(text, 'base64');
      // Node's decoder takes anything and leaves out what it does not know: what gives the same text again held no such.
      return memory.toString('base64') === text ? bytes : undefined;
    },
  };
}
