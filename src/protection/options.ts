import type { WaitOptions } from '../bytes/index.ts';
import type { CipherMode, CipherModeName, CryptoBackend } from '../cipher/index.ts';
import type { ContainerName, DocumentSettings, MailOutput } from '../container/index.ts';
import type { LicensingService } from '../licensing/index.ts';
import type { Policy, PolicyInput } from '../rights/index.ts';
import type { ContentCarrier } from './content-carrier.ts';

/** What everything that asks a licensing service needs. */
export interface ServiceOptions extends WaitOptions {
  /** Who issues the license: an authority acting for a user, or a remote service. */
  readonly service: LicensingService;
  /** Name of the file, without a path: decides names and is told to the service for its log. */
  readonly name?: string | undefined;
  /** Who does the AES arithmetic; by default the fastest there is. */
  readonly backend?: CryptoBackend | undefined;
  /**
   * Who moves the content of `writeTo`, for programs that bring threads of their own; by default this thread.
   * The functions for files in `sealwright/node` bring threads for large files themselves.
   */
  readonly carrier?: ContentCarrier | undefined;
  /** The clock, for tests. */
  readonly now?: (() => Date) | undefined;
}

/** A policy of one's own or a template; exactly one. */
export type PolicyChoice =
  | { readonly policy: PolicyInput | Policy; readonly template?: undefined }
  | { readonly template: string; readonly policy?: undefined };

/** What can be chosen when protecting. */
export interface ProtectSettings {
  /** `microsoft`: use a cipher mode that Microsoft's readers know. They do not detect tampering. */
  readonly interop?: 'microsoft' | undefined;
  /** The exact cipher mode to ask the service for; `interop` is the simpler way. */
  readonly cipherMode?: CipherModeName | undefined;
  /**
   * The container format; by default Office documents, PDFs and messages are protected in their own (`office`,
   * `pdf`, `mail`), and everything else becomes a `pfile`.
   */
  readonly format?: ContainerName | undefined;
  /** Version of the format to write: PFILE `3.0` (default) or `2.1`; Office `1.0`. */
  readonly formatVersion?: string | undefined;
  /**
   * Label metadata to store instead of what the document states itself: an XMP packet in a PFILE, LabelInfo
   * in an Office file, the text of the field `msip_labels` in a message. Not encrypted.
   */
  readonly metadata?: Uint8Array | undefined;
  /** What can be chosen for documents of one kind only: the cover page of a PDF, the attachments of a message. */
  readonly settings?: DocumentSettings | undefined;
  /** E-mail address of the owner, if not the person who protects. */
  readonly owner?: string | undefined;
}

/** Options of `protect`. */
export type ProtectOptions = ServiceOptions & ProtectSettings & PolicyChoice;

/** Options of `open` and `removeProtection`. */
export interface OpenOptions extends ServiceOptions {
  /** Cipher modes of somebody else's, used where a license names one of them; ours are always known. */
  readonly cipherModes?: readonly CipherMode[] | undefined;
  /** The form an opened message is to have; by default the one it came in, and MIME for a bare `message.rpmsg`. */
  readonly mailAs?: MailOutput | undefined;
}

/** Options of `reprotect`. */
export type ReprotectOptions = ProtectOptions;
