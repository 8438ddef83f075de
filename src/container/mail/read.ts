import { type ByteSource, encodeUtf8 } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { readCompoundFile } from '../compound-file/read.ts';
import { isCompoundFile } from '../compound-file/signature.ts';
import { type ContainerReadOptions, detectionBytes } from '../container-format.ts';
import type { DocumentWriter, OpenDocumentOptions, PartCipher } from '../document-format.ts';
import { isRpmsg } from '../recognise/mail.ts';
import { closeAttachments, withOpenedAttachments } from './attachments.ts';
import { bareRpmsg } from './outer/bare-rpmsg.ts';
import type { OuterMessage } from './outer/outer-message.ts';
import { outerMime } from './outer/outer-mime.ts';
import { outerMsg } from './outer/outer-msg.ts';
import type { OpenMail, ProtectedMail } from './protected-mail.ts';
import { decryptedRpmsg, readRpmsg, readRpmsgContent } from './rpmsg/index.ts';
import type { MailOutput } from './settings.ts';
import { writeMail } from './write-mail.ts';

/**
 * Reads a protected message up to its encrypted content (spec/mail.md, "Opening").
 *
 * @param source the message, seekable and of known size; stays open and belongs to the caller
 * @throws SealwrightError `NOT_PROTECTED`, `MALFORMED_CONTAINER`, `UNSUPPORTED_VERSION`, `LIMIT_EXCEEDED`
 */
export async function readMail(
  source: ByteSource,
  options: ContainerReadOptions = {},
): Promise<ProtectedMail> {
  const outer = await outerMessage(source, options);
  const rpmsg = await readRpmsg(outer.rpmsg, options);
  const ownForm: MailOutput = outer.form === 'msg' ? 'msg' : 'eml';

  async function message(
    cipher: PartCipher,
    { signal, openPart }: Omit<OpenDocumentOptions, 'mail'> = {},
  ): Promise<OpenMail> {
    const content = await decryptedRpmsg(rpmsg, cipher, { signal });
    try {
      const inside = await readRpmsgContent(content, { signal });
      const opened = await withOpenedAttachments(inside, openPart, { signal });
      const whole = outer.restored(opened);
      return Object.freeze<OpenMail>({
        message: whole,
        write: (form, wait) =>
          form === outer.form && outer.writeRestored !== undefined
            ? outer.writeRestored(opened, wait)
            : writeMail(whole, form, wait),
        async close() {
          await closeAttachments(opened, inside);
          await content.close?.();
        },
      });
    } catch (error) {
      await content.close?.();
      throw error;
    }
  }

  return Object.freeze({
    format: 'mail',
    formatVersion: rpmsg.formatVersion,
    publishingLicense: rpmsg.publishingLicense,
    metadata: outer.labels === '' ? rpmsg.metadata : encodeUtf8(outer.labels),
    originalExtension: `.${ownForm}`,
    // What its protected part unpacks to says nothing of the size of the message.
    originalSize: undefined,
    contentOffset: 0,
    contentLength: undefined,
    cipherModeFor: rpmsg.cipherModeFor,
    form: outer.form,
    outer: outer.message,
    message,
    async open(cipher: PartCipher, { mail = ownForm, ...rest }: OpenDocumentOptions = {}) {
      return Object.freeze<DocumentWriter>({
        size: undefined,
        async writeTo(sink, transfer) {
          // With each writing, so that no copy of the key is kept meanwhile.
          const opened = await message(cipher, rest);
          try {
            return await (await opened.write(mail, transfer)).writeTo(sink, transfer);
          } finally {
            await opened.close();
          }
        },
      });
    },
  } satisfies ProtectedMail);
}

async function outerMessage(source: ByteSource, options: ContainerReadOptions): Promise<OuterMessage> {
  const head = new Uint8Array(await source.read(0, detectionBytes, options));
  if (isRpmsg(head)) return bareRpmsg(source);
  const outer = isCompoundFile(head)
    ? await outerMsg(
        options.compoundFile ?? (await readCompoundFile(source, { signal: options.signal, head })),
        options,
      )
    : await outerMime(source, options);
  if (outer === undefined)
    throw new SealwrightError(
      'NOT_PROTECTED',
      'The message says that it is protected, but holds no message.rpmsg: it is an answer to a protected message, or something on its way took it out. Nothing of it is encrypted.',
    );
  return outer;
}
