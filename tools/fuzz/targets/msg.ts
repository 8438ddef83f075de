import { type ByteSource, memorySource } from '../../../src/bytes/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../../../src/container/compound-file/layout.ts';
import { readCompoundFile } from '../../../src/container/compound-file/read.ts';
import type { MailAttachment, MailMessage } from '../../../src/container/mail/mail-message.ts';
import {
  findProtectedPart,
  msgEntries,
  protectedMsgEntries,
  readMsg,
  restoredMsgEntries,
} from '../../../src/container/mail/msg/index.ts';
import { compressRtf } from '../../../src/container/mail/rtf/compress-rtf.ts';
import { decompressRtf } from '../../../src/container/mail/rtf/compressed-rtf.ts';
import { encapsulatedBody } from '../../../src/container/mail/rtf/encapsulated-body.ts';
import { filesIn, folders } from '../samples.ts';
import { type FuzzTarget, must } from '../target.ts';
import { wholeSource } from '../whole-source.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const facts = {
  contentType: 'text/plain',
  contentId: 'a@b',
  contentLocation: undefined,
  inline: true,
  created: new Date(1e12),
  modified: undefined,
};
const file = (name: string, content: string): MailAttachment => ({
  ...facts,
  kind: 'file',
  name,
  content: memorySource(text(content)),
});

/** Outlook items: read, written anew, protected and restored. What was read and written is read as the same. */
export async function msgTarget(): Promise<FuzzTarget> {
  const real = folders.realCompoundFiles.flatMap((folder) => filesIn(folder, /\.msg$/));
  return {
    habits: { head: 4096 },
    samples: [...real, await made(2), await made(0)],
    async check(input) {
      const message = await readMsg(await readCompoundFile(memorySource(input)));
      checkRtf(await bytesOf(message.body?.rtf));
      const again = await readMsg(await written(await msgEntries(message)));
      must(await same(message, again), 'written anew it says something else');
      const outer = await written(
        await protectedMsgEntries(message, { stub: { plain: 'Stub' }, rpmsg: memorySource(text('rpmsg')) }),
      );
      const part = await findProtectedPart(outer);
      must(part !== undefined && part.source.size === 5, 'the protected part is not found');
      const restored = await readMsg(await written(await restoredMsgEntries(outer, message)));
      must(await same(message, restored), 'protected and restored it says something else');
      return `${message.body?.native ?? 'no body'}`;
    },
  };
}

const written = async (root: Parameters<typeof layoutCompoundFile>[0]) =>
  readCompoundFile(memorySource(await wholeSource(compoundFileSource(layoutCompoundFile(root)))));

const bytesOf = async (source: ByteSource | undefined) =>
  source === undefined ? undefined : wholeSource(source);

function checkRtf(stored: Uint8Array | undefined): void {
  if (stored === undefined) return;
  let rtf: Uint8Array;
  try {
    rtf = decompressRtf(stored);
  } catch {
    // It may be anything; the message is read all the same.
    return;
  }
  encapsulatedBody(rtf);
  must(Buffer.compare(decompressRtf(compressRtf(rtf)), rtf) === 0, 'RTF is another after it was compressed');
}

async function same(a: MailMessage, b: MailMessage): Promise<boolean> {
  if (JSON.stringify(a.fields) !== JSON.stringify(b.fields)) return false;
  if (a.body?.native !== b.body?.native || a.attachments.length !== b.attachments.length) return false;
  for (const kind of ['plain', 'html', 'rtf'] as const) {
    const [one, other] = [await bytesOf(a.body?.[kind]), await bytesOf(b.body?.[kind])];
    if (Buffer.compare(one ?? new Uint8Array(0), other ?? new Uint8Array(0)) !== 0) return false;
  }
  for (const [i, one] of a.attachments.entries()) {
    const other = b.attachments[i] as MailAttachment;
    if (one.kind !== other.kind || one.name !== other.name || one.inline !== other.inline) return false;
    if (one.kind === 'message' && other.kind === 'message' && !(await same(one.message, other.message)))
      return false;
    if (one.kind === 'file' && other.kind === 'file')
      if (Buffer.compare(await wholeSource(one.content), await wholeSource(other.content)) !== 0)
        return false;
  }
  return true;
}

/** A message of ours with messages within it. */
async function made(depth: number): Promise<Uint8Array> {
  const nested = (left: number): MailMessage => ({
    fields: [
      { name: 'From', value: 'Jane <jane@example.com>' },
      { name: 'To', value: 'bob@example.com' },
      { name: 'Subject', value: `Depth ${left}` },
      { name: 'msip_labels', value: 'MSIP_Label_1=true' },
    ],
    body: {
      native: left % 2 ? 'plain' : 'rtf',
      codePage: 65001,
      plain: memorySource(text('Plain')),
      rtf: memorySource(text('{\\rtf1\\ansi\\ansicpg1252 Rich rich rich}')),
    },
    attachments: [
      file('a.txt', 'a'),
      file('b.txt', 'b'.repeat(5000)),
      ...(left > 0 ? [{ ...facts, kind: 'message', name: 'Inner', message: nested(left - 1) } as const] : []),
    ],
  });
  return wholeSource(compoundFileSource(layoutCompoundFile(await msgEntries(nested(depth)))));
}
