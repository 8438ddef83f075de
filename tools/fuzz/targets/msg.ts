import { type ByteSource, memorySource } from '../../../src/bytes/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../../../src/container/compound-file/layout.ts';
import { readCompoundFile } from '../../../src/container/compound-file/read.ts';
import { detectionBytes, recognise } from '../../../src/container/index.ts';
import type { MailAttachment, MailMessage } from '../../../src/container/mail/mail-message.ts';
import { readMime } from '../../../src/container/mail/mime/index.ts';
import {
  findProtectedPart,
  msgEntries,
  protectedMsgEntries,
  readMsg,
  restoredMsgEntries,
} from '../../../src/container/mail/msg/index.ts';
import { mailParticipants } from '../../../src/container/mail/participants.ts';
import { compressRtf } from '../../../src/container/mail/rtf/compress-rtf.ts';
import { decompressRtf } from '../../../src/container/mail/rtf/compressed-rtf.ts';
import { encapsulatedBody } from '../../../src/container/mail/rtf/encapsulated-body.ts';
import { checkLabels } from '../label-round-trip.ts';
import { opened, openedLength, protectedAndOpened, protectedFile, protectedLength } from '../protection.ts';
import { readOpenedMessage } from '../read-opened-message.ts';
import { contentsOf, difference, viewed } from '../same-message.ts';
import { filesIn, folders } from '../samples.ts';
import { reshapeCompound } from '../shapes/compound-shape.ts';
import { type FuzzTarget, fileRefusals, must } from '../target.ts';
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

const name = 'a.msg';

/** Outlook items: read, written anew, protected, opened and restored. What was read and written is read as the same. */
export async function msgTarget(): Promise<FuzzTarget> {
  const real = folders.realCompoundFiles.flatMap((folder) => filesIn(folder, /\.msg$/));
  const plain = [...real, await made(2), await made(0), await made(0)];
  const files: Uint8Array[] = [];
  for (const cipherMode of ['MICROSOFT.CBC4K', 'SEALWRIGHT.GCM64K'] as const)
    files.push(await protectedFile(await made(1), { name, format: 'mail', cipherMode }));
  return {
    refusals: fileRefusals,
    habits: { head: 4096, reshape: reshapeCompound },
    samples: [...plain, ...files],
    async check(input, thorough) {
      const source = memorySource(input);
      const { kind } = await recognise(input.subarray(0, detectionBytes), source);
      const message = await readMsg(await readCompoundFile(source));
      await viewed(message);
      await contentsOf(message);
      if (thorough) {
        await mailParticipants(source);
        checkRtf(await bytesOf(message.body?.rtf));
        await checkWriting(message);
      }
      const what = kind === 'mail' ? checkProtected(input, thorough) : checkPlain(input, message, thorough);
      return `${message.body?.native ?? 'no body'}, ${await what}`;
    },
  };
}

/** What a protected item opens to can be read. */
async function checkProtected(input: Uint8Array, thorough: boolean): Promise<string> {
  if (!thorough) {
    await openedLength(input, name);
    return 'opened';
  }
  await readMsg(await readCompoundFile(memorySource(await opened(input, name))));
  await readOpenedMessage(input, name);
  await readMime(memorySource(await opened(input, name, 'eml')));
  return 'opened';
}

/** Protects an item and opens it; then it says the same. */
async function checkPlain(input: Uint8Array, message: MailMessage, thorough: boolean): Promise<string> {
  const wanted = {
    name,
    format: 'mail',
    cipherMode: input[input.length >> 1] === 0 ? 'MICROSOFT.CBC4K' : 'SEALWRIGHT.GCM64K',
  } as const;
  if (!thorough) {
    await protectedLength(input, wanted);
    return 'protected';
  }
  await checkLabels(input);
  const bytes = await protectedAndOpened(input, wanted);
  const again = await readMsg(await readCompoundFile(memorySource(bytes)));
  const other = await difference(message, again);
  must(other === undefined, `opened, ${other} is another`);
  return 'protected';
}

/** Writes an item in every way and reads it again. */
async function checkWriting(message: MailMessage): Promise<void> {
  const again = await readMsg(await written(await msgEntries(message)));
  const anew = await difference(message, again);
  must(anew === undefined, `written anew, ${anew} is another`);
  const outer = await written(
    await protectedMsgEntries(message, { stub: { plain: 'Stub' }, rpmsg: memorySource(text('rpmsg')) }),
  );
  const part = await findProtectedPart(outer);
  must(part !== undefined && part.source.size === 5, 'the protected part is not found');
  const restored = await readMsg(await written(await restoredMsgEntries(outer, message)));
  const other = await difference(message, restored);
  must(other === undefined, `restored, ${other} is another`);
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
