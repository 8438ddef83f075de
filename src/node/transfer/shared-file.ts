import type { ByteSink, ByteSource } from '../../bytes/index.ts';
import type { FileOperation } from '../file-error.ts';

/** An open file for threads of this process that read or write it themselves. It is not closed before `release`. */
export interface SharedFile {
  /** The number of its descriptor. */
  readonly number: number;
  /** What errors of the system say. */
  readonly operation: FileOperation;
  release(): void;
}

/** The same of a sink: what is written goes to `position` and on. */
export interface SharedSink extends SharedFile {
  readonly position: number;
  /** Lets what is written next come `bytes` later. */
  advance(bytes: number): void;
}

// Beside the objects and not in them: to programs, a number that can be closed under one's feet is of no use.
const sources = new WeakMap<ByteSource, () => SharedFile>();
const sinks = new WeakMap<ByteSink, () => SharedSink>();

export const shareableSource = (source: ByteSource, share: () => SharedFile): unknown =>
  sources.set(source, share);
export const shareableSink = (sink: ByteSink, share: () => SharedSink): unknown => sinks.set(sink, share);

/** How to share the file that `source` is, if it is one. */
export const sharedSource = (source: ByteSource): (() => SharedFile) | undefined => sources.get(source);
/** How to share the file that `sink` writes, if it writes one. */
export const sharedSink = (sink: ByteSink): (() => SharedSink) | undefined => sinks.get(sink);
