import type { ByteSource } from '../../../bytes/index.ts';
import { type FileAttachment, type MailAttachment, rpmsgContentType, rpmsgName } from '../mail-message.ts';

/** A `message.rpmsg` as an attachment. */
export const rpmsgAttachment = (content: ByteSource): FileAttachment =>
  Object.freeze({
    kind: 'file',
    name: rpmsgName,
    contentType: rpmsgContentType,
    contentId: undefined,
    contentLocation: undefined,
    inline: false,
    created: undefined,
    modified: undefined,
    content,
  });

/** Portals send variants of the name, `message_v4.rpmsg`. */
const variantName = /^message(?:_v\d{1,2})?\.rpmsg$/i;

/** The `message.rpmsg` among the attachments of a message: known by its type, or by its name where the type is a general one. */
export const findRpmsg = (attachments: readonly MailAttachment[]): FileAttachment | undefined =>
  attachments.find((each): each is FileAttachment => each.kind === 'file' && isRpmsgAttachment(each));

const isRpmsgAttachment = ({ name, contentType }: FileAttachment): boolean => {
  const type = contentType?.toLowerCase();
  if (type === rpmsgContentType) return true;
  return (type === undefined || type === 'application/octet-stream') && variantName.test(name ?? '');
};
