import { memorySource } from '../../../src/bytes/index.ts';
import { readCompoundFile } from '../../../src/container/compound-file/read.ts';
import { detectionBytes, recognise } from '../../../src/container/index.ts';
import type { MailMessage } from '../../../src/container/mail/mail-message.ts';
import {
  findProtectedPart,
  mimeWriter,
  protectedMimeWriter,
  readMime,
  recipientsOf,
  restoredMessage,
} from '../../../src/container/mail/mime/index.ts';
import { testMessages, written } from '../../../src/container/mail/mime/messages.test-support.ts';
import { readMsg } from '../../../src/container/mail/msg/index.ts';
import { mailParticipants } from '../../../src/container/mail/participants.ts';
import { checkLabels } from '../label-round-trip.ts';
import { messageWithDocuments } from '../message-with-documents.ts';
import { opened, openedLength, protectedAndOpened, protectedFile, protectedLength } from '../protection.ts';
import { readOpenedMessage } from '../read-opened-message.ts';
import { contentsOf, difference, equalLists, viewed } from '../same-message.ts';
import { filesIn, folders } from '../samples.ts';
import { reshapeMail } from '../shapes/mail-shape.ts';
import { type FuzzTarget, fileRefusals, must } from '../target.ts';
import { wholeSource } from '../whole-source.ts';

const rpmsg = Uint8Array.from({ length: 1000 }, (_, index) => index & 255);

const name = 'a.eml';
/** Attachments of a message that is written and read in every way. */
const mostAttachments = 200;

/** MIME messages: read, written as they were and anew, protected, found again and restored. */
export async function emlTarget(): Promise<FuzzTarget> {
  const own = [...testMessages.map(([, bytes]) => bytes), messageWithDocuments()];
  const real = folders.realCompoundFiles.flatMap((folder) => filesIn(folder, /\.eml$/));
  return {
    refusals: fileRefusals,
    habits: {
      head: 600,
      reshape: reshapeMail,
      tokens: [
        '\r\n', '\n', '\n\n', '\r', '--', '--b', '--b--', '--outer', '--outer--', '--outer-inner', '--alt', '--a--',
        'Content-Type: multipart/mixed; boundary=b\r\n', 'Content-Type: multipart/alternative; boundary="b"\r\n',
        'Content-Type: message/rfc822\r\n\r\n', 'Content-Type: multipart/signed; boundary=outer\r\n',
        'Content-Transfer-Encoding: base64\r\n', 'Content-Transfer-Encoding: quoted-printable\r\n', 'X: y\r\n', '=', '==',
        '=\r\n', '=41', 'QUJD', '=?utf-8?Q?', '?=', '"', '(', ')', '\\', ';', "*0*=utf-8''%", '<', '>', '@', ',', ':',
        'message.rpmsg', 'application/x-microsoft-rpmsg-message', 'Content-Class: rpmsg.message\r\n', 'charset=utf-16\r\n',
      ],
      nests: [
        ['Content-Type: message/rfc822\r\n\r\n', ''],
        ['Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n', '\r\n--b--'],
        ['--b\r\n', ''],
        ['(', ')'],
        ['=?utf-8?B?', '?='],
        ['a:', ';'],
      ],
    },
    samples: [...own, ...real, ...(await protectedSamples([...own, ...real]))],
    async check(input, asked) {
      const source = memorySource(input);
      const { kind } = await recognise(input.subarray(0, detectionBytes), source);
      const message = await readMime(source);
      recipientsOf(message);
      // Hundreds of messages within one take a millisecond each, every time they are written or read.
      const thorough = asked && message.attachments.length <= mostAttachments;
      await viewed(message);
      await contentsOf(message);
      if (thorough) {
        await mailParticipants(source);
        await checkWriting(message, input, await findProtectedPart(source));
      }
      return kind === 'mail' ? checkProtected(input, thorough) : checkPlain(input, message, thorough);
    },
  }; // biome-ignore format: the tokens are a table
}

/** What a protected message opens to can be read. */
async function checkProtected(input: Uint8Array, thorough: boolean): Promise<string> {
  if (!thorough) {
    await openedLength(input, name);
    return 'opened';
  }
  await readMime(memorySource(await opened(input, name)));
  await readOpenedMessage(input, name);
  const item = await opened(input, name, 'msg');
  await readMsg(await readCompoundFile(memorySource(item)));
  return 'opened';
}

/** Protects a message and opens it; then it says the same. */
async function checkPlain(input: Uint8Array, message: MailMessage, thorough: boolean): Promise<string> {
  const wanted = {
    name,
    format: 'mail',
    cipherMode: input.length % 2 === 0 ? 'MICROSOFT.CBC4K' : 'SEALWRIGHT.GCM64K',
    settings: { mail: { protectAttachments: input.length % 3 > 0 } },
  } as const;
  if (!thorough) {
    await protectedLength(input, wanted);
    return 'protected';
  }
  await checkLabels(input);
  const bytes = await protectedAndOpened(input, wanted);
  if (Buffer.compare(bytes, input) === 0) return 'protected, the same';
  const again = await readMime(memorySource(bytes));
  must(
    (await difference(message, again)) === undefined,
    `opened, ${await difference(message, again)} is another`,
  );
  return 'protected, equal';
}

/** Writes a message in every way and reads it again. */
async function checkWriting(
  message: MailMessage,
  input: Uint8Array,
  found: Awaited<ReturnType<typeof findProtectedPart>>,
): Promise<void> {
  const texts = await contentsOf(message);
  const same = await readMime(memorySource(await written(await mimeWriter(message))));
  must(equalLists(await contentsOf(same), texts), 'written as it was, the message has other contents');
  const fresh = await written(await mimeWriter({ ...message, original: undefined }));
  const again = await readMime(memorySource(fresh));
  must(again.attachments.length === message.attachments.length, 'written anew, attachments are missing');
  must(
    equalLists((await contentsOf(again)).slice(0, 2), texts.slice(0, 2)) || message.body === undefined,
    'written anew, the message has another text',
  );
  const outer = await findProtectedPart(memorySource(await protectedFrom(input)));
  must(outer !== undefined, 'the protected part of a message is not found');
  must(equalLists([await wholeSource(outer.content)], [rpmsg]), 'the protected part has other bytes');
  const restored = await written(await mimeWriter(restoredMessage(outer.message, message)));
  const opened = await readMime(memorySource(restored));
  must(equalLists(await contentsOf(opened), texts), 'restored, the message has other contents');
  if (found === undefined) return;
  const replaced = await findProtectedPart(memorySource(await written(await found.replaced(rpmsgWriter))));
  must(replaced !== undefined, 'the exchanged part is not found');
  must(equalLists([await wholeSource(replaced.content)], [rpmsg]), 'the exchanged part has other bytes');
}

/** Messages protected with the key of the harness, and some that hold no `message.rpmsg` that could be read. */
async function protectedSamples(messages: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const files: Uint8Array[] = [];
  for (const [i, message] of messages.entries()) {
    if (i < 4) files.push(await protectedFrom(message));
    const cipherMode = i % 2 === 0 ? 'MICROSOFT.CBC4K' : 'SEALWRIGHT.GCM64K';
    files.push(await protectedFile(message, { name, format: 'mail', cipherMode }));
  }
  return files;
}

const rpmsgWriter = {
  size: rpmsg.length,
  async writeTo(sink: { write(bytes: Uint8Array): unknown }) {
    await sink.write(rpmsg);
    return rpmsg.length;
  },
};

const protectedFrom = async (bytes: Uint8Array): Promise<Uint8Array> =>
  written(
    await protectedMimeWriter(await readMime(memorySource(bytes)), {
      stub: { plain: 'This is protected.\r\n' },
      rpmsg: rpmsgWriter,
    }),
  );
