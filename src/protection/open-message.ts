import { type ContentInput, sourceOf, wipe } from '../bytes/index.ts';
import type { MailOutput, OpenMail, ProtectedMail } from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import type { UseLicense } from '../licensing/index.ts';
import { answers } from './answer-message.ts';
import { guardedMessage } from './guarded-message.ts';
import { messageContent, type NestedOpening } from './message-content.ts';
import { modeFor } from './open-content.ts';
import { openedDocument, openedPart } from './open-document.ts';
import { admissionOf } from './opened-facts.ts';
import type { OpenedMessage, WrittenMessage } from './opened-message.ts';
import type { OpenOptions } from './options.ts';
import { isDocument, readContainer } from './read-container.ts';
import { writtenMessage } from './written-message.ts';

/** Protected messages within each other that are opened. */
const deepest = 10;

/**
 * Opens a protected message for the user the service acts for, and gives what it says, part by part, beside what
 * `open` gives: text, attachments, what this user may do with it, and answers to it.
 *
 * @param input a `.eml`, a `.msg` or a bare `message.rpmsg`, as bytes, a Blob, a Web Stream or a ByteSource
 * @param options the service, and the name of the file for the service's log
 * @returns the message; call `close` when done, it wipes the key
 * @throws what `open` throws, and `UNSUPPORTED_FORMAT` for protected content that is no message
 * @see spec/mail.md, "Opening", "Reply and forward"
 *
 * @example
 * ```ts
 * import { openMessage } from 'sealwright';
 * const message = await openMessage(bytes, { service: authority.as('bob@contoso.com') });
 * console.log(message.subject, await message.text(), message.mayForward);
 * for (const { name, source } of message.attachments) console.log(name, source?.size);
 * message.close();
 * ```
 */
export const openMessage = (input: ContentInput, options: OpenOptions): Promise<OpenedMessage> =>
  openAtDepth(input, options, 1);

async function openAtDepth(input: ContentInput, options: OpenOptions, depth: number): Promise<OpenedMessage> {
  const source = sourceOf(input);
  const release = source === input ? () => undefined : () => void source.close?.();
  let license: UseLicense | undefined;
  try {
    const found = await readContainer(source, options);
    const mail = found.container as ProtectedMail;
    if (!isDocument(found) || found.format.name !== 'mail')
      throw new SealwrightError(
        'UNSUPPORTED_FORMAT',
        `${options.name === undefined ? 'The content' : `"${options.name}"`} is protected and is no message. Use open for it.`,
      );
    license = await options.service.acquireUseLicense(mail.publishingLicense, {
      contentName: options.name,
      signal: options.signal,
    });
    const content = openedDocument(found, license, options, release);
    const admission = admissionOf(license, options);
    const parts = new Set<number>();
    const opened = await openMail(mail, license, options, parts);
    try {
      const message = guardedMessage(opened.message, admission.check);
      const written = (form: MailOutput): WrittenMessage =>
        writtenMessage(form, () => opened.write(form, options), options, admission.check);
      const nested: NestedOpening = {
        signal: options.signal,
        async open(inner, name, wait) {
          if (depth >= deepest)
            throw new SealwrightError(
              'LIMIT_EXCEEDED',
              `More than ${deepest} protected messages stand within each other. Open the attachment by itself.`,
            );
          return openAtDepth(inner, { ...options, ...wait, name }, depth + 1);
        },
      };
      return Object.freeze({
        ...content,
        ...(await messageContent(message, nested, parts)),
        mayReply: content.may('REPLY'),
        mayReplyAll: content.may('REPLYALL'),
        mayForward: content.may('FORWARD'),
        mayCopy: content.may('EXTRACT'),
        mayPrint: content.may('PRINT'),
        toEml: () => written('eml'),
        toMsg: () => written('msg'),
        ...answers(mail, message, { content, admission }, options),
        close() {
          admission.close();
          content.close();
          void opened.close();
        },
      } satisfies OpenedMessage);
    } catch (error) {
      await opened.close();
      throw error;
    }
  } catch (error) {
    wipe(license?.contentKey);
    release();
    throw error;
  }
}

/** @param parts gets the numbers of the attachments that the license of the message opens */
const openMail = (
  mail: ProtectedMail,
  license: UseLicense,
  options: OpenOptions,
  parts: Set<number>,
): Promise<OpenMail> =>
  mail.message(
    { mode: modeFor(mail, license, options), key: license.contentKey, backend: options.backend },
    {
      signal: options.signal,
      async openPart(part, wait) {
        const found = await openedPart(part, mail.publishingLicense, license, { ...options, ...wait });
        if (found !== undefined) parts.add(part.index);
        return found;
      },
    },
  );
