import type { ByteSink, ByteSource, WaitOptions } from '../bytes/index.ts';
import type { ContainerName } from '../container/index.ts';
import type { LabelMetadata } from '../label/index.ts';
import type { Policy } from '../rights/index.ts';
import type { TransferOptions } from './protected-content.ts';

/**
 * A protected file that this user may open: the rights, the validity and the content. Rights are enforced
 * by the application that holds this: ask {@link OpenedContent.require} before each operation.
 */
export interface OpenedContent {
  /** Name for the opened file, if the protected file's name was given. */
  readonly name: string | undefined;
  /** The container format the content came in. */
  readonly format: ContainerName;
  readonly formatVersion: string;
  readonly cipherMode: string;
  /** Whether changed content is detected. False for every Microsoft mode. */
  readonly authenticated: boolean;
  readonly contentId: string;
  readonly templateId: string | undefined;
  readonly owner: string;
  readonly issuedTo: string;
  /** Granted rights, upper case; `OWNER` includes every other. */
  readonly rights: readonly string[];
  /** When the content expires for this user; reading it afterwards throws `ACCESS_DENIED`. */
  readonly contentValidUntil: Date | undefined;
  /** Until when the use license may be kept. */
  readonly licenseValidUntil: Date | undefined;
  readonly onlineOnly: boolean;
  /** The policy, where this user may see it. */
  readonly policy: Policy | undefined;
  readonly signedApplicationData: Readonly<Record<string, string>>;
  readonly encryptedApplicationData: Readonly<Record<string, string>>;
  /** Sensitivity labels that stand beside the content, marks of removal among them; not signed by anyone. */
  readonly labels: readonly LabelMetadata[];
  /** Plaintext bytes, where known without decrypting everything. */
  readonly size: number | undefined;
  /** Whether the user has `right`, or `OWNER`. */
  may(right: string): boolean;
  /** Throws `ACCESS_DENIED` unless the user has `right`, or `OWNER`. */
  require(right: string): void;
  /** The decrypted content as a stream. */
  stream(options?: TransferOptions): ReadableStream<Uint8Array>;
  /** The decrypted content in memory. */
  bytes(options?: TransferOptions): Promise<Uint8Array>;
  /** Decrypts `length` bytes at `offset`, touching only the segments they lie in; needs a seekable input. */
  read(offset: number, length: number, options?: WaitOptions): Promise<Uint8Array>;
  /** The decrypted content for random access by others; needs a seekable input. */
  source(): Promise<ByteSource>;
  /** Writes the decrypted content to a sink and gives its size; the fastest way to a file. */
  writeTo(sink: ByteSink, options?: TransferOptions): Promise<number>;
  /** Wipes the content key. Nothing can be read afterwards. */
  close(): void;
}
