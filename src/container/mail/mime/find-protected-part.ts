import { type ByteSource, concatBytes, encodeUtf8, type WaitOptions } from '../../../bytes/index.ts';
import type { DocumentWriter } from '../../document-format.ts';
import { type HeaderField, rpmsgContentType } from '../mail-message.ts';
import { attachmentFacts } from './attachment-facts.ts';
import { type BodyForm, defaultForm, surveyForm } from './body-form.ts';
import { isSealed } from './body-parts.ts';
import { decodedBody } from './decoded-body.ts';
import { hasEmptyLine } from './header-block.ts';
import { messageFields } from './mail-fields.ts';
import { type MessagePlan, planWriter } from './message-plan.ts';
import { isMultipart, type MimePart } from './mime-part.ts';
import { splitMime } from './split.ts';

/** The protected part of a message, and where it stands. */
export interface ProtectedPart {
  /** The message that it is a part of. */
  readonly message: { readonly fields: readonly HeaderField[] };
  /** Its name, `message.rpmsg` or `message_v2.rpmsg`, as written. */
  readonly name: string | undefined;
  /** The `message.rpmsg` itself; seekable and of known size. */
  readonly content: ByteSource;
  /**
   * The same message with another `message.rpmsg` in it; all other bytes stay as they are.
   */
  replaced(rpmsg: DocumentWriter): Promise<DocumentWriter>;
}

/**
 * Finds the protected part of a message: by its type, or by a name from `message.rpmsg` to `message_v4.rpmsg`. One within an
 * attached message is that message's own, and not found.
 *
 * @returns `undefined` for a message that is not protected
 * @throws SealwrightError `LIMIT_EXCEEDED` for more parts, depth or header than any message has
 *
 * @example
 * ```ts
 * const found = await findProtectedPart(source);
 * if (found !== undefined) console.log(found.name, found.content.size);
 * ```
 */
export async function findProtectedPart(
  source: ByteSource,
  options?: WaitOptions,
): Promise<ProtectedPart | undefined> {
  const root = await splitMime(source, options);
  const part = protectedPartOf(root);
  if (part === undefined) return undefined;
  const survey = surveyForm(part.encoding);
  const content = await decodedBody(part, { encoded: survey.see }, options);
  return Object.freeze({
    message: Object.freeze({ fields: messageFields(root.fields) }),
    name: nameOf(part),
    content,
    replaced: async (rpmsg: DocumentWriter) => {
      const base64 = part.encoding === 'base64';
      const header = await headerInBase64(part);
      const form = base64 ? survey.form : { ...defaultForm('base64'), lineBreak: survey.form.lineBreak };
      const from = base64 ? part.body.start + survey.contentEnd : part.body.end;
      const pieces: MessagePlan['pieces'] = [
        asItIs(source.slice(0, part.header.start)),
        { kind: 'literal', bytes: header },
        { kind: 'content', content: rpmsg, form },
        ...(await separation(source, from, root.body.end, form)),
        asItIs(source.slice(from, root.body.end - from)),
      ];
      return planWriter({ pieces, eightBit: true });
    },
  });
}

const identity: BodyForm = defaultForm('identity');
const asItIs = (content: ByteSource) => ({ kind: 'content' as const, content, form: identity });

/** The line break in front of a boundary, if the boundary stands right behind the header of an empty part. */
async function separation(
  source: ByteSource,
  at: number,
  end: number,
  { lineBreak }: BodyForm,
): Promise<MessagePlan['pieces']> {
  const next = at < end ? (await source.read(at, 1))[0] : undefined;
  if (next === undefined || next === 10 || next === 13) return [];
  return [{ kind: 'literal', bytes: encodeUtf8(lineBreak === 'crlf' ? '\r\n' : '\n') }];
}

const nameOf = (part: MimePart): string | undefined => attachmentFacts(part, false).name;

/** The part of the message itself that is an rpmsg. */
function protectedPartOf(part: MimePart): MimePart | undefined {
  if (isMultipart(part) && part.children.length > 0) {
    if (isSealed(part)) return undefined;
    for (const child of part.children) {
      const found = protectedPartOf(child);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (part.children.length > 0) return undefined;
  return part.contentType.value === rpmsgContentType || /^message.*\.rpmsg$/i.test(nameOf(part) ?? '')
    ? part
    : undefined;
}

/** The header of a part, said to be in base64, with the empty line that it may lack. */
async function headerInBase64({ source, header, fields, encoding }: MimePart): Promise<Uint8Array> {
  const block = new Uint8Array(await source.read(header.start, header.end - header.start));
  const lineBreak = encodeUtf8(block.includes(13) ? '\r\n' : '\n');
  const field = concatBytes([encodeUtf8('Content-Transfer-Encoding: base64'), lineBreak]);
  const stated = fields.find(({ name }) => name.toLowerCase() === 'content-transfer-encoding');
  const at = stated?.start ?? fields.at(-1)?.end ?? 0;
  const before = block.subarray(0, at);
  // The last line of a message that was cut may lack its line break too.
  const broken = before.length > 0 && before.at(-1) !== 10 ? [lineBreak] : [];
  const changed =
    encoding === 'base64'
      ? block
      : concatBytes([before, ...broken, field, block.subarray(stated?.end ?? at)]);
  if (hasEmptyLine(changed)) return changed;
  const cut = changed.length > 0 && changed.at(-1) !== 10;
  return concatBytes([changed, lineBreak, ...(cut ? [lineBreak] : [])]);
}
