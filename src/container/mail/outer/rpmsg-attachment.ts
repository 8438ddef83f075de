import type { ByteSource } from '../../../bytes/index.ts';
import { type FileAttachment, rpmsgContentType, rpmsgName } from '../mail-message.ts';

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
