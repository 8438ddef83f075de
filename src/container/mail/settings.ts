/** What can be chosen when a message is protected (spec/mail.md, "Protecting"). */
export interface MailSettings {
  /** `false` leaves attachments of kinds that have a protected format of their own as they are, within the protected message. */
  readonly protectAttachments?: boolean | undefined;
  /** What people see who cannot open the message; by default a few sentences in several languages. */
  readonly stub?: MailStub | undefined;
}

/** The clear part of a protected message. It is not encrypted: nothing of the message belongs in it. */
export interface MailStub {
  /** As text. */
  readonly plain: string;
  /** As a whole HTML document, taken as it is; by default made from the text. */
  readonly html?: string | undefined;
}

/** The form in which an opened message is written: MIME, an Outlook item, or as it came (a bare `message.rpmsg` gives MIME). */
export type MailOutput = 'eml' | 'msg';
