import type { ByteSource, WaitOptions } from '../bytes/index.ts';
import type { HeaderField } from '../container/index.ts';
import type { OpenedContent } from './opened-content.ts';
import type { TransferOptions } from './protected-content.ts';

/** A message in a form it is stored or sent in; it can be taken any number of times. */
export interface WrittenMessage {
  /** `.eml` or `.msg`. */
  readonly extension: '.eml' | '.msg';
  stream(options?: TransferOptions): ReadableStream<Uint8Array>;
  bytes(options?: TransferOptions): Promise<Uint8Array>;
  writeTo(sink: Parameters<OpenedContent['writeTo']>[0], options?: TransferOptions): Promise<number>;
}

/** What a message says: header, text and attachments. */
export interface MessageContent {
  /** Header fields as they stand, encoded words and folds included. */
  readonly fields: readonly HeaderField[];
  /** The subject, decoded. */
  readonly subject: string | undefined;
  /** The text; `undefined` for a message that has none of the kind. Throws `LIMIT_EXCEEDED` for more than 32 MiB. */
  text(options?: WaitOptions): Promise<string | undefined>;
  /** The text as HTML, as its sender wrote it: not to be trusted, and with `cid:` links to inline attachments. */
  html(options?: WaitOptions): Promise<string | undefined>;
  readonly attachments: readonly OpenedAttachment[];
}

/** An attachment of an opened message. */
export interface OpenedAttachment {
  /** As the sender wrote it: not to be used as a path. */
  readonly name: string | undefined;
  readonly contentType: string | undefined;
  readonly contentId: string | undefined;
  /** Whether it is shown within the text. */
  readonly inline: boolean;
  /** Bytes; `undefined` for a message, which is written in the form that is asked for, and for an OLE object. */
  readonly size: number | undefined;
  /** Whether it is protected itself, under a license of its own: open it with `open` or `openMessage`. */
  readonly isProtected: boolean;
  /**
   * The bytes of a file; `undefined` for a message and for an OLE object. Readable until the message is closed or expires;
   * from then on reading throws `INVALID_ARGUMENT` or `ACCESS_DENIED`.
   */
  readonly source: ByteSource | undefined;
  /** The message that is attached, if it is one. */
  readonly message: MessageContent | undefined;
  /**
   * Opens a protected message that is attached, with the options its outer message was opened with.
   * Throws what `openMessage` throws; `INVALID_ARGUMENT` if this is no protected message, `LIMIT_EXCEEDED` beyond ten
   * messages within each other.
   */
  open(options?: WaitOptions): Promise<OpenedMessage>;
}

/** What a reply or a forwarded message says beside the original. */
export interface Draft {
  /** The sender's address. */
  readonly from: string;
  readonly to?: readonly string[] | undefined;
  readonly cc?: readonly string[] | undefined;
  readonly text: string;
}

/**
 * An opened message: its content, and what this user may do with it. Text and attachments are decrypted when they are asked for,
 * and no more once the message has expired for this user: `ACCESS_DENIED`.
 */
export interface OpenedMessage extends OpenedContent, MessageContent {
  /** `REPLY` or `OWNER`. */
  readonly mayReply: boolean;
  /** `REPLYALL` or `OWNER`. */
  readonly mayReplyAll: boolean;
  /** `FORWARD` or `OWNER`. */
  readonly mayForward: boolean;
  /** `EXTRACT` or `OWNER`: text and attachments may be copied out; without it a reply quotes nothing. */
  readonly mayCopy: boolean;
  /** `PRINT` or `OWNER`. */
  readonly mayPrint: boolean;
  /** The message as MIME, attachments in place. */
  toEml(): WrittenMessage;
  /** The message as an Outlook item. */
  toMsg(): WrittenMessage;
  /**
   * An answer to the sender, not protected yet: hand it to `protect`. It quotes the text if `EXTRACT` is granted, and
   * carries no attachment of the original. Throws `ACCESS_DENIED` without `REPLY`.
   */
  reply(draft: Draft): Promise<WrittenMessage>;
  /** The same to the sender and everybody in To and Cc. Throws `ACCESS_DENIED` without `REPLYALL`. */
  replyAll(draft: Draft): Promise<WrittenMessage>;
  /**
   * A message that carries this one, protected as it is: it opens for those whom its own license lets in, and nobody else.
   * Throws `ACCESS_DENIED` without `FORWARD`, `INVALID_ARGUMENT` without `to`.
   */
  forward(draft: Draft): Promise<WrittenMessage>;
}
