import type { ByteSource, WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { CompoundFile } from '../compound-file/compound-file.ts';
import { readCompoundFile } from '../compound-file/read.ts';
import { isCompoundFile } from '../compound-file/signature.ts';
import type { ContainerReadOptions, DocumentInput } from '../container-format.ts';
import type { DocumentContents, DocumentFormat, DocumentWriter, PartCipher } from '../document-format.ts';
import {
  isMimeMessage,
  isOutlookItem,
  isProtectedOutlookItem,
  isRpmsg,
  mimeProtection,
} from '../recognise/mail.ts';
import type { MessageDocument } from './message-document.ts';
import type { ProtectedMail } from './protected-mail.ts';

export type { MessageDocument } from './message-document.ts';
export type { OpenMail, ProtectedMail } from './protected-mail.ts';

/** Messages in their own form: `.eml` and `.msg` with a `message.rpmsg` in them, or that alone (spec/mail.md). */
export interface MailFormat extends DocumentFormat {
  read(source: ByteSource, options?: ContainerReadOptions): Promise<ProtectedMail>;
}

const extensionOf = (name: string): string => /\.[^./\\]*$/.exec(name)?.[0].toLowerCase() ?? '';

/** Whether a document that begins so may be a message; {@link examine} then looks into it. A bare `message.rpmsg` is one, too. */
function mayTake(head: Uint8Array, name: string | undefined): boolean {
  if (isRpmsg(head)) return true;
  const extension = name === undefined ? undefined : extensionOf(name);
  if (isCompoundFile(head)) return extension === undefined || extension === '.msg';
  if (extension !== undefined && extension !== '.eml') return false;
  return isMimeMessage(head, extension === undefined ? 2 : 1);
}

async function examine(
  { head, source, name, compoundFile: known }: DocumentInput,
  options?: WaitOptions,
): Promise<MessageDocument | undefined> {
  if (!mayTake(head, name) || isRpmsg(head)) return undefined;
  if (!isCompoundFile(head))
    return (await holdsProtectedPart(source, options)) ? undefined : Object.freeze({ form: 'eml' });
  const compoundFile = known ?? (await readableDirectory(source, head, options));
  if (compoundFile === undefined || !isOutlookItem(compoundFile)) return undefined;
  return (await isProtectedOutlookItem(compoundFile, options))
    ? undefined
    : Object.freeze({ form: 'msg', compoundFile });
}

/** Whether it is protected, and does not only say so: answers to protected messages may have kept the content class. */
async function holdsProtectedPart(source: ByteSource, options: WaitOptions | undefined): Promise<boolean> {
  const stated = await mimeProtection(source, options);
  if (stated !== 'claim') return stated !== undefined;
  const { findProtectedPart } = await import('./mime/index.ts');
  return (await findProtectedPart(source, options)) !== undefined;
}

/** The directory; `undefined` for one that cannot be read: such a file becomes a PFILE. */
async function readableDirectory(
  source: ByteSource,
  head: Uint8Array,
  options: WaitOptions | undefined,
): Promise<CompoundFile | undefined> {
  try {
    return await readCompoundFile(source, { ...options, head });
  } catch (error) {
    if (error instanceof SealwrightError) return undefined;
    throw error;
  }
}

/** `message.rpmsg` opens to `message.eml`; a message that gets another form, to a name that says so. */
function originalName(name: string, originalExtension: string | undefined): string {
  const extension = extensionOf(name);
  if (extension !== '.rpmsg' && extension !== '.eml' && extension !== '.msg') return name;
  const wanted = originalExtension ?? (extension === '.rpmsg' ? '.eml' : extension);
  return wanted === extension ? name : `${name.slice(0, -extension.length)}${wanted}`;
}

/** Rights-managed mail. What it takes to read and write messages is loaded with the first one. */
export const mailFormat: MailFormat = Object.freeze({
  name: 'mail',
  encrypts: 'parts',
  // What is protected stands anywhere in a message, and a compound file says where before it comes.
  needsRandomAccess: true,
  version: '1.0',
  cipherModes: undefined,
  mayTake,
  examine,
  async read(source: ByteSource, options?: ContainerReadOptions): Promise<ProtectedMail> {
    const { readMail } = await import('./read.ts');
    return readMail(source, options);
  },
  protect(
    document: object,
    source: ByteSource,
    contents: DocumentContents,
    cipher: PartCipher,
  ): DocumentWriter {
    let writer: Promise<DocumentWriter> | undefined;
    return Object.freeze<DocumentWriter>({
      size: undefined,
      async writeTo(sink, options) {
        const { protectedMail } = await import('./protect.ts');
        // Once, also if it is written more than once: what is attached may have to be written to know its size.
        writer ??= protectedMail(document as MessageDocument, source, contents, cipher, options);
        writer.catch(() => {
          writer = undefined; // a source may answer the next time
        });
        return (await writer).writeTo(sink, options);
      },
    });
  },
  protectedName: (name: string) => name,
  originalName,
} satisfies MailFormat);

/** Everything about messages that takes more than a look at them. */
export const mailModule = (): Promise<typeof import('./mail.ts')> => import('./mail.ts');
