import {
  type ByteSource,
  concatBytes,
  encodeUtf8,
  maxima,
  memorySource,
  type WaitOptions,
} from '../../../bytes/index.ts';
import type { CompoundStorage } from '../../compound-file/compound-file.ts';
import { compoundFileSource, layoutCompoundFile } from '../../compound-file/layout.ts';
import type { NewStorage, NewStream } from '../../compound-file/new-compound-file.ts';
import type {
  AttachmentFacts,
  MailAttachment,
  MailBody,
  MailMessage,
  StorageAttachment,
} from '../mail-message.ts';
import { decompressRtf, isPlainRtf } from '../rtf/compressed-rtf.ts';
import { defaultForm } from './body-form.ts';
import { fieldLine } from './encoded-words.ts';
import { messageFields } from './mail-fields.ts';
import type { MessagePlan } from './message-plan.ts';
import { type LeafNode, type MimeNode, treePlan } from './mime-tree.ts';
import { dateText, parameterText } from './parameter-text.ts';
import { textLeaf } from './text-leaf.ts';

/** Plans a message that is attached. */
type PlanNested = (message: MailMessage) => Promise<MessagePlan>;

/** A message written anew: its text, what the text shows, and what is attached, in the structure that every reader knows. */
export async function freshPlan(
  message: MailMessage,
  nested: PlanNested,
  options?: WaitOptions,
): Promise<MessagePlan> {
  const { body } = message;
  const shown = (each: MailAttachment): boolean =>
    body?.html !== undefined && each.inline && (each.contentId ?? each.contentLocation) !== undefined;
  const leaves = new Map<MailAttachment, LeafNode>();
  for (const each of message.attachments) leaves.set(each, await attachmentLeaf(each, shown(each), nested));
  const pick = (wanted: boolean): LeafNode[] =>
    message.attachments.filter((each) => shown(each) === wanted).map((each) => leaves.get(each) as LeafNode);
  const text = await textNode(body, pick(true), options);
  const others = [...(await rtfLeaves(body, options)), ...pick(false)];
  const parts = text === undefined ? others : [text, ...others];
  const root: MimeNode =
    parts.length === 1 && text !== undefined
      ? text
      : parts.length === 0
        ? await textLeaf('plain', memorySource(new Uint8Array(0)), 65001)
        : { kind: 'multipart', subtype: 'mixed', children: parts };
  return treePlan(headerOf(message), root, seedOf(message), options);
}

/** Fields of a message as they are written, those of its encoding left out. */
export const headerOf = (message: MailMessage): Uint8Array =>
  concatBytes(messageFields(message.fields).map(({ name, value }) => encodeUtf8(fieldLine(name, value))));

/** What tells a message from others. */
export const seedOf = (message: MailMessage): string =>
  JSON.stringify([
    message.fields.map(({ name, value }) => [name, value]),
    message.attachments.map(({ name, contentId }) => [name, contentId]),
  ]);

async function textNode(
  body: MailBody | undefined,
  shown: readonly LeafNode[],
  options: WaitOptions | undefined,
): Promise<MimeNode | undefined> {
  const plain = body?.plain && (await textLeaf('plain', body.plain, body.codePage, options));
  const leaf = body?.html && (await textLeaf('html', body.html, body.codePage, options));
  const html: MimeNode | undefined =
    leaf !== undefined && shown.length > 0
      ? {
          kind: 'multipart',
          subtype: 'related',
          parameters: parameterText('type', 'text/html'),
          children: [leaf, ...shown],
        }
      : leaf;
  if (plain === undefined || html === undefined) return plain ?? html;
  return { kind: 'multipart', subtype: 'alternative', children: [plain, html] };
}

/** RTF that was rendered as nothing else travels as a file; no mail reader shows it. */
async function rtfLeaves(body: MailBody | undefined, options: WaitOptions | undefined): Promise<LeafNode[]> {
  if (body?.rtf === undefined || body.plain !== undefined || body.html !== undefined) return [];
  const stored = new Uint8Array(
    await body.rtf.read(0, Math.min(body.rtf.size ?? 0, maxima.collectedBytes), options),
  );
  const source = memorySource(isPlainRtf(stored) ? stored : decompressRtf(stored));
  const facts = { name: 'message.rtf', contentType: 'text/rtf', inline: false };
  return [
    {
      kind: 'leaf',
      header: partHeader({ ...noFacts, ...facts }, 'base64', false),
      content: { source, form: defaultForm('base64') },
    },
  ];
}

const noFacts: AttachmentFacts = {
  name: undefined,
  contentType: undefined,
  contentId: undefined,
  contentLocation: undefined,
  inline: false,
  created: undefined,
  modified: undefined,
};

async function attachmentLeaf(
  attachment: MailAttachment,
  shown: boolean,
  nested: PlanNested,
): Promise<LeafNode> {
  if (attachment.kind === 'message') {
    const plan = await nested(attachment.message);
    const facts = { ...attachment, contentType: 'message/rfc822' };
    return { kind: 'leaf', header: partHeader(facts, plan.eightBit ? '8bit' : '7bit', shown), content: plan };
  }
  const source = attachment.kind === 'file' ? attachment.content : objectSource(attachment);
  return {
    kind: 'leaf',
    header: partHeader(attachment, 'base64', shown),
    content: { source, form: defaultForm('base64') },
  };
}

/** Fields of a part that is a file or a message. */
export function partHeader(facts: AttachmentFacts, encoding: string, shown: boolean): string {
  const name = facts.name ?? '';
  // A multipart, or a message that is encoded, would be read as what it is not.
  const stated = facts.contentType?.toLowerCase() ?? '';
  const usable = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(stated) && !stated.startsWith('multipart/');
  const type =
    usable && (encoding !== 'base64' || !stated.startsWith('message/')) ? stated : 'application/octet-stream';
  return [
    `Content-Type: ${type}${name === '' ? '' : parameterText('name', name)}\r\n`,
    `Content-Transfer-Encoding: ${encoding}\r\n`,
    `Content-Disposition: ${shown ? 'inline' : 'attachment'}`,
    name === '' ? '' : parameterText('filename', name),
    facts.created === undefined ? '' : parameterText('creation-date', dateText(facts.created)),
    facts.modified === undefined ? '' : parameterText('modification-date', dateText(facts.modified)),
    '\r\n',
    facts.contentId === undefined ? '' : fieldLine('Content-ID', `<${facts.contentId}>`),
    facts.contentLocation === undefined ? '' : fieldLine('Content-Location', facts.contentLocation),
  ].join('');
}

/** An object as the compound file that it would be on its own. */
function objectSource({ storage, open }: StorageAttachment): ByteSource {
  const entriesOf = ({ entries }: CompoundStorage): (NewStorage | NewStream)[] =>
    entries.map((entry) =>
      entry.kind === 'storage'
        ? { ...entry, entries: entriesOf(entry) }
        : { kind: 'stream', name: entry.name, content: open(entry) },
    );
  return compoundFileSource(layoutCompoundFile({ classId: storage.classId, entries: entriesOf(storage) }));
}
