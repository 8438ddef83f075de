import type { WaitOptions } from '../../../bytes/index.ts';
import type { DocumentWriter } from '../../document-format.ts';
import type { MailMessage } from '../mail-message.ts';
import { freshPlan } from './fresh-plan.ts';
import { mimeLimits } from './limits.ts';
import { mergedHeader } from './merge-header.ts';
import { type MessagePlan, type PlannedContent, planWriter } from './message-plan.ts';
import { tooLarge } from './mime-part.ts';
import { type ContentPiece, decodeSkeleton, type Skeleton, skeletonHeader, withHeader } from './skeleton.ts';

/**
 * Prepares a message to be written as MIME (spec/mail.md, "MIME", "Writing").
 *
 * A message that was MIME before is written with the same header, structure and encodings; every other one, and one
 * that has other contents than it had, in a structure of our own. Contents pass in windows, once, while it is written.
 *
 * @param message whose contents can be read as long as it is written
 * @throws SealwrightError `LIMIT_EXCEEDED` for messages within messages without end
 *
 * @example
 * ```ts
 * const writer = await mimeWriter(message);
 * await writer.writeTo(sink);
 * ```
 */
export async function mimeWriter(message: MailMessage, options?: WaitOptions): Promise<DocumentWriter> {
  return planWriter(await messagePlan(message, 0, options));
}

/** What {@link mimeWriter} writes. @param depth messages that it stands in */
export async function messagePlan(
  message: MailMessage,
  depth: number,
  options?: WaitOptions,
): Promise<MessagePlan> {
  if (depth > mimeLimits.depth) throw tooLarge('messages within each other', mimeLimits.depth, 0);
  const skeleton = usableSkeleton(message);
  return skeleton === undefined
    ? freshPlan(message, (inner) => messagePlan(inner, depth + 1, options), options)
    : skeletonPlan(
        withHeader(skeleton, mergedHeader(skeletonHeader(skeleton), message.fields)),
        message,
        depth,
        options,
      );
}

/** The skeleton of a message, if it has one and it has a place for each of its contents. */
function usableSkeleton({ original, body, attachments }: MailMessage): Skeleton | undefined {
  const skeleton = original?.form === 'mime' ? decodeSkeleton(original.bytes) : undefined;
  if (skeleton === undefined) return undefined;
  const contents = skeleton.pieces.filter((piece) => piece.kind === 'content');
  const keyOf = ({ of, index }: Pick<ContentPiece, 'of' | 'index'>): string => `${of} ${index}`;
  const wanted = [
    ...(body?.plain === undefined ? [] : [{ of: 'plain' as const, index: 0 }]),
    ...(body?.html === undefined ? [] : [{ of: 'html' as const, index: 0 }]),
    ...attachments.map((_, index) => ({ of: 'attachment' as const, index })),
  ];
  const places = new Set(contents.map(keyOf));
  // Each content has one place, and each place its content; a sealed part holds its text too, and has no place for it.
  const sealed = contents.some(({ skip }) => skip > 0);
  const missing = wanted.filter((each) => !places.has(keyOf(each)) && !(sealed && each.of !== 'attachment'));
  const known = new Set(wanted.map(keyOf));
  const whole = places.size === contents.length && contents.every((piece) => known.has(keyOf(piece)));
  const fits = contents.every(
    ({ of, index, skip }) => of !== 'attachment' || skip === 0 || attachments[index]?.kind === 'file',
  );
  return missing.length === 0 && whole && fits && !attachments.some(({ kind }) => kind === 'storage')
    ? skeleton
    : undefined;
}

/** A message in the structure that it had. */
async function skeletonPlan(
  { pieces }: Skeleton,
  message: MailMessage,
  depth: number,
  options?: WaitOptions,
): Promise<MessagePlan> {
  const planned: MessagePlan['pieces'][number][] = [];
  let eightBit = false;
  for (const piece of pieces) {
    if (piece.kind === 'literal') {
      eightBit ||= piece.bytes.some((byte) => byte > 127);
      planned.push(piece);
      continue;
    }
    const attachment = piece.of === 'attachment' ? message.attachments[piece.index] : undefined;
    if (attachment?.kind === 'message') {
      const inner = await messagePlan(attachment.message, depth + 1, options);
      if (piece.encoding === 'identity') {
        planned.push(...inner.pieces);
        eightBit ||= inner.eightBit;
      } else planned.push({ kind: 'content', content: planWriter(inner), form: piece });
      continue;
    }
    // What was written without an encoding may have had bytes above 127.
    eightBit ||= piece.encoding === 'identity';
    planned.push({ kind: 'content', content: contentOf(piece, message), form: piece });
  }
  return { pieces: planned, eightBit };
}

function contentOf(
  { of, index, skip }: ContentPiece,
  { body, attachments }: MailMessage,
): PlannedContent['content'] {
  const attachment = attachments[index];
  const source =
    of === 'attachment' ? (attachment?.kind === 'file' ? attachment.content : undefined) : body?.[of];
  // The skeleton was held against the message before.
  if (source === undefined)
    throw new TypeError('A skeleton has a place for a content that the message has not.');
  return skip === 0 ? source : source.slice(skip);
}
