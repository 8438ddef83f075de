import type { ByteSource, WaitOptions } from '../bytes/index.ts';
import type { CompoundFile, PdfDocument } from '../container/index.ts';
import type { LabelMetadata } from './label.ts';
import type { LabelChange } from './label-change.ts';

/** What a file states of labels, before it is decided which statement counts. */
export interface StatedLabels {
  /** LabelInfo exactly as stored; `undefined` if the file has none. */
  readonly labelInfo: Uint8Array | undefined;
  /** Labels stated in properties: custom properties, document summary, XMP. */
  readonly properties: readonly LabelMetadata[];
}

/** What was read of a file already, so that a place need not read it again. */
export interface LabelPlaceOptions extends WaitOptions {
  /** The first bytes of the file. */
  readonly head?: Uint8Array | undefined;
  /** The directory, if the file is a compound file. */
  readonly compoundFile?: CompoundFile | undefined;
  /** What was read of the file, if it is a PDF. */
  readonly pdf?: PdfDocument | undefined;
}

/** How one kind of file keeps labels. Nothing else in the file changes. */
export interface LabelPlace {
  /** `package` (OOXML), `compound`, `pfile`, `pdf`, `jpeg`, `png`, `gif`, `tiff`, `mail`. */
  readonly name: string;
  /** What the file states; unreadable label metadata is the same as none. Throws only what reading throws. */
  read(source: ByteSource, options?: LabelPlaceOptions): Promise<StatedLabels>;
  /**
   * The file after the change, sharing what stays with `source`. Throws `MALFORMED_CONTAINER` for a file
   * that is damaged where it would have to be changed, `UNSUPPORTED_FORMAT` if it takes no labels.
   */
  change(source: ByteSource, change: LabelChange, options?: LabelPlaceOptions): Promise<ByteSource>;
}
