import { concatBytes, encodeUtf8, memorySource, type WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { DocumentWriter } from '../../document-format.ts';
import { type MailMessage, rpmsgContentClass, rpmsgContentType, rpmsgName } from '../mail-message.ts';
import { defaultForm } from './body-form.ts';
import { seedOf } from './fresh-plan.ts';
import { mimeLimits } from './limits.ts';
import { headerOfFields } from './merge-header.ts';
import { planWriter } from './message-plan.ts';
import { type MimeNode, treePlan } from './mime-tree.ts';
import { clearFields, originalHeader } from './protected-fields.ts';
import { textLeaf } from './text-leaf.ts';

/** What stands in a protected message. */
export interface ProtectedMessageParts {
  /** What readers without support show. */
  readonly stub: { readonly plain: string; readonly html?: string | undefined };
  /** The `message.rpmsg`, written while the message is. */
  readonly rpmsg: DocumentWriter;
  /** Its name; `message.rpmsg` by default. */
  readonly name?: string | undefined;
}

/**
 * Prepares the protected message: the fields of `message` that may be read by everybody, as they stood, the clear text, and the
 * protected part in base64 (spec/mail.md, "MIME", "Protected messages"). Nothing of the text or the attachments of `message` is
 * written.
 *
 * @param message the message that is protected; only its fields are looked at
 * @throws SealwrightError `MALFORMED_CONTAINER` for a header of which nobody can say where it ends; `LIMIT_EXCEEDED` for one
 *   that is too long
 *
 * @example
 * ```ts
 * const writer = await protectedMimeWriter(message, { stub: { plain: 'Protected.' }, rpmsg });
 * await writer.writeTo(sink);
 * ```
 */
export async function protectedMimeWriter(
  message: MailMessage,
  { stub, rpmsg, name = rpmsgName }: ProtectedMessageParts,
  options?: WaitOptions,
): Promise<DocumentWriter> {
  const header = concatBytes([
    readable(unambiguous(headerOfFields(clearFields(message), originalHeader(message)))),
    encodeUtf8(`Content-Class: ${rpmsgContentClass}\r\n`),
  ]);
  const leaf = (subtype: 'plain' | 'html', text: string) =>
    textLeaf(subtype, memorySource(encodeUtf8(text)), 65001, options);
  const plain = await leaf('plain', stub.plain);
  const clear: MimeNode =
    stub.html === undefined
      ? plain
      : { kind: 'multipart', subtype: 'alternative', children: [plain, await leaf('html', stub.html)] };
  const part: MimeNode = {
    kind: 'leaf',
    header:
      `Content-Type: ${rpmsgContentType}; name="${name}"\r\n` +
      'Content-Transfer-Encoding: base64\r\n' +
      `Content-Disposition: attachment; filename="${name}"\r\n`,
    content: { source: rpmsg, form: defaultForm('base64') },
  };
  const root: MimeNode = { kind: 'multipart', subtype: 'mixed', children: [clear, part] };
  return planWriter(await treePlan(header, root, seedOf({ ...message, attachments: [] }), options));
}

/** Bytes of header that are left for what the protected message says of itself. */
const ownFields = 1024;

/** A header may have grown, by line breaks above all, to more than is read when the message is opened. */
function readable(header: Uint8Array): Uint8Array {
  const most = mimeLimits.headerBytes - ownFields;
  if (header.length <= most) return header;
  throw new SealwrightError(
    'LIMIT_EXCEEDED',
    `The header of the message would have ${header.length} bytes when it is protected, more than the ${most} that there is room for. Remove fields, or protect it as a file (format pfile).`,
  );
}

/**
 * A lone CR ends a line for some programs and not for others: what is one long field here may be a whole message there, and
 * would stay readable.
 */
function unambiguous(header: Uint8Array): Uint8Array {
  const at = header.findIndex((byte, index) => byte === 13 && header[index + 1] !== 10);
  if (at < 0) return header;
  throw new SealwrightError(
    'MALFORMED_CONTAINER',
    'A line in the header of the message ends in a way that mail does not have (CR without LF), so that it cannot be told where the text begins. Save the message again, or protect it as a file (format pfile).',
    { offset: at },
  );
}
