import type { ByteSource } from '../../bytes/index.ts';

/** A stream to be written. */
export interface NewStream {
  readonly kind: 'stream';
  readonly name: string;
  /**
   * The bytes; a seekable source of known size; or only a size, where somebody else writes the bytes. Of the
   * last kind there may be one, and it is laid out at the end of the file.
   */
  readonly content: Uint8Array | ByteSource | PendingContent;
}

/** The size of a stream whose bytes are not at hand yet. */
export interface PendingContent {
  readonly pendingSize: number;
}

/** A storage to be written. What is left out is zero. */
export interface NewStorage {
  readonly kind: 'storage';
  readonly name: string;
  readonly classId?: Uint8Array | undefined;
  readonly stateBits?: number | undefined;
  readonly created?: bigint | undefined;
  readonly modified?: bigint | undefined;
  /** In any order; it is put into that of the format. */
  readonly entries: readonly (NewStorage | NewStream)[];
}

/** Where everything of a new compound file goes. The same input gives the same layout. */
export interface CompoundFileLayout {
  readonly version: 3 | 4;
  /** Bytes of the whole file. */
  readonly size: number;
  /** The file from its first byte to its last: bytes of ours, and the places of the pending content. */
  readonly pieces: readonly (ByteSource | PendingPiece)[];
}

/** `length` bytes of the pending content, from `offset` on, stand here. */
export interface PendingPiece {
  readonly pendingOffset: number;
  readonly length: number;
}
