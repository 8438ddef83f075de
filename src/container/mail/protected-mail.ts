import type { WaitOptions } from '../../bytes/index.ts';
import type {
  DocumentWriter,
  OpenDocumentOptions,
  PartCipher,
  ProtectedDocument,
} from '../document-format.ts';
import type { MailMessage } from './mail-message.ts';
import type { MailOutput } from './settings.ts';

/** A protected message, read so far as no key is needed. */
export interface ProtectedMail extends ProtectedDocument {
  readonly format: 'mail';
  /** The form the message came in; `rpmsg` for its protected part alone. */
  readonly form: MailOutput | 'rpmsg';
  /** The message as people see it who cannot open it, its `message.rpmsg` among the attachments. */
  outer(options?: WaitOptions): Promise<MailMessage>;
  /** The message itself, for programs that show it. Throws as `open`. */
  message(cipher: PartCipher, options?: Omit<OpenDocumentOptions, 'mail'>): Promise<OpenMail>;
}

/** An opened message. */
export interface OpenMail {
  /** Fields of the message around it, body and attachments; what `openPart` opened is as it was before it was protected. */
  readonly message: MailMessage;
  /** The message in one of its forms. */
  write(form: MailOutput, options?: WaitOptions): Promise<DocumentWriter>;
  /** Forgets the key. Nothing can be read any more. */
  close(): Promise<void>;
}
