/** What can be chosen when a message is protected (spec/mail.md, "Writing"). */
export interface MailSettings {
  /** `false` leaves attachments of kinds that have a protected format of their own as they are, within the protected message. */
  readonly protectAttachments?: boolean | undefined;
}

/** The form in which an opened message is written: MIME, an Outlook item, or as it came (a bare `message.rpmsg` gives MIME). */
export type MailOutput = 'eml' | 'msg';
