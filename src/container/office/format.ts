import type { ByteSource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { ContainerFormat, ContainerReadOptions, ProtectedContainer } from '../container-format.ts';

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

/** {@link ContainerFormat} of Office's own files. */
export interface OfficeFormat extends ContainerFormat {
  read(source: ByteSource, options?: ContainerReadOptions): Promise<OfficeContainer>;
}

const notYet = (): never => {
  throw new SealwrightError('UNSUPPORTED_FORMAT', 'Not built yet.');
};

/** Office documents in their own format: the extension stays, Office recognises them (spec/office.md). */
export const officeFormat: OfficeFormat = Object.freeze({
  name: 'office',
  needsRandomAccess: true,
  read: notYet,
  mayTake: () => false,
  examine: async () => undefined,
  fillTo: ({ alignment }: { readonly alignment: number }) => alignment,
  header: notYet,
  protectedName: (name: string) => name,
  originalName: (name: string) => name,
});
