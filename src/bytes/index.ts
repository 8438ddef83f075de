export { blobSource } from './blob-source.ts';
export { type BoundedMemory, boundedMemory } from './bounded-memory.ts';
export { builtinModule } from './builtin-module.ts';
export type { ByteSink, ByteSource, MaybePromise, WaitOptions } from './byte-source.ts';
export { collectSource } from './collect-source.ts';
export { concatenatedSource, type SourcePart } from './concatenated-source.ts';
export { type ContentInput, sourceOf } from './content-input.ts';
export { copySource } from './copy-source.ts';
export { crc32 } from './crc32.ts';
export { maxima } from './maxima.ts';
export { memorySource } from './memory-source.ts';
export { plainView } from './plain-view.ts';
export { ByteReader, type ReaderSubject } from './reader.ts';
export { hkdfSha256, sha256, sha256Base64, sha256OfUtf16le } from './sha256.ts';
export { sliceSource } from './slice-source.ts';
export { streamSource } from './stream-source.ts';
export {
  decodeBase64,
  decodeHex,
  decodeUtf8,
  decodeUtf16le,
  encodeBase64,
  encodeHex,
  encodeUtf8,
  encodeUtf16le,
} from './text.ts';
export { equalBytes, wipe } from './wipe.ts';
export { ByteWriter, concatBytes } from './writer.ts';
export { writtenBytes } from './written-bytes.ts';
export { zeroSource } from './zero-source.ts';
