import type { ByteSource, WaitOptions } from '../../bytes/index.ts';
import type {
  ContainerContents,
  ContainerFormat,
  ContainerHeader,
  ContainerReadOptions,
  DocumentInput,
  ProtectedContainer,
} from '../container-format.ts';
import type { OfficeDocument } from './document-parts.ts';

/** A license that was kept in the file for one user, [MS-OFFCRYPTO] 2.2.7. */
export interface StoredUseLicense {
  /** Name of its stream, `EUL-…`. */
  readonly streamName: string;
  /** `Windows:` or `Passport:` and a mail address. */
  readonly userId: string;
  /** The chain as stored. */
  readonly license: Uint8Array;
}

/** A protected Office file read up to its content, with what only this format has. */
export interface OfficeContainer extends ProtectedContainer {
  readonly format: 'office';
  readonly documentSummary: Uint8Array;
  /** Name of the stream with the content: `EncryptedPackage`, or `\x09DRMContent` in the older binary formats. */
  readonly contentStream: string;
  /** Use licenses kept in the file. They open nothing without their user's key. */
  readonly useLicenses: readonly StoredUseLicense[];
}

/** What an Office file is written from. */
export interface OfficeContents extends ContainerContents {
  /** Use licenses to keep in the file. */
  readonly useLicenses?: readonly StoredUseLicense[] | undefined;
  /** Version of the compound file: 3 with sectors of 512 bytes, 4 with 4096. 3 by default, while the file is small enough. */
  readonly compoundVersion?: 3 | 4 | undefined;
}

/** {@link ContainerFormat} of Office's own files. */
export interface OfficeFormat extends ContainerFormat {
  read(source: ByteSource, options?: ContainerReadOptions): Promise<OfficeContainer>;
  examine(document: DocumentInput, options?: WaitOptions): Promise<OfficeDocument | undefined>;
  header(contents: OfficeContents): ContainerHeader;
}
