import type { ByteSource } from '../../bytes/index.ts';
import type { CompoundStorage, CompoundStream } from '../compound-file/compound-file.ts';

/** A header field as it stands: its value with encoded words and folds as they are. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/**
 * A body in its code page. A message may have it in several kinds; which one is its own is `native`, the others
 * are renderings of that.
 */
export interface MailBody {
  readonly native: 'plain' | 'html' | 'rtf';
  /** Code page of `plain` and `html`: 65001, 1252, 932, … */
  readonly codePage: number;
  readonly plain?: ByteSource | undefined;
  readonly html?: ByteSource | undefined;
  /** RTF, as it is stored: compressed or not ([MS-OXRTFCP]). */
  readonly rtf?: ByteSource | undefined;
}

/** What an attachment says of itself, however it is carried. */
export interface AttachmentFacts {
  /** The name people see; without a path. */
  readonly name: string | undefined;
  /** `image/png`. */
  readonly contentType: string | undefined;
  /** Without angle brackets. */
  readonly contentId: string | undefined;
  readonly contentLocation: string | undefined;
  /** Whether it is shown within the body. */
  readonly inline: boolean;
  readonly created: Date | undefined;
  readonly modified: Date | undefined;
}

/** A file. */
export interface FileAttachment extends AttachmentFacts {
  readonly kind: 'file';
  /** Of known size; read forward at least, and again from its beginning. */
  readonly content: ByteSource;
}

/** A message within the message. */
export interface MessageAttachment extends AttachmentFacts {
  readonly kind: 'message';
  readonly message: MailMessage;
}

/** An OLE object or what else has a storage of its own; carried along as it is. */
export interface StorageAttachment extends AttachmentFacts {
  readonly kind: 'storage';
  readonly storage: CompoundStorage;
  /** Opens a stream that is somewhere in `storage`; `CompoundFile.open` of the file that it came from. */
  readonly open: (stream: CompoundStream) => ByteSource;
}

export type MailAttachment = FileAttachment | MessageAttachment | StorageAttachment;

/**
 * A message, whatever form it has on disk. Reading gives one and writing takes one: `mime/` and `msg/` turn their
 * form into this and back, `rpmsg/` keeps body and attachments of it.
 */
export interface MailMessage {
  /** Header fields from the first to the last, those of the body's and the attachments' own encoding left out. */
  readonly fields: readonly HeaderField[];
  readonly body: MailBody | undefined;
  readonly attachments: readonly MailAttachment[];
  /**
   * What a form has beyond this, for that form alone to be written again as it was: the MIME structure, or the
   * properties of an Outlook item. Opaque to the others, which may keep it as bytes.
   */
  readonly original?: { readonly form: 'mime' | 'msg'; readonly bytes: Uint8Array } | undefined;
}

/** The protected part of a message, and what to write around it again. */
export const rpmsgName = 'message.rpmsg';
export const rpmsgContentType = 'application/x-microsoft-rpmsg-message';
export const rpmsgContentClass = 'rpmsg.message';
