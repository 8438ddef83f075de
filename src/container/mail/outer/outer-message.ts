import type { ByteSource, WaitOptions } from '../../../bytes/index.ts';
import type { DocumentWriter } from '../../document-format.ts';
import type { MailMessage } from '../mail-message.ts';
import type { MailOutput } from '../settings.ts';

/** The clear message around a protected one. */
export interface OuterMessage {
  readonly form: MailOutput | 'rpmsg';
  /** The `message.rpmsg`, seekable and of known size. */
  readonly rpmsg: ByteSource;
  /** What it states of labels, as the text of the field `msip_labels`; empty if nothing. */
  readonly labels: string;
  /** The message as people see it who cannot open it, the `message.rpmsg` among its attachments. */
  message(options?: WaitOptions): Promise<MailMessage>;
  /** What was inside, with the fields of this message. */
  restored(inside: MailMessage): MailMessage;
  /** The same in the form of this message; absent where {@link restored} keeps all there is to keep. */
  writeRestored?(inside: MailMessage, options?: WaitOptions): Promise<DocumentWriter>;
}
