import { memorySource } from '../../../src/bytes/index.ts';
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
import { filesIn, folders } from '../samples.ts';
import { type FuzzTarget, must } from '../target.ts';
import { wholeSource } from '../whole-source.ts';

const rpmsg = Uint8Array.from({ length: 1000 }, (_, index) => index & 255);

/** MIME messages: read, written as they were and anew, protected, found again and restored. */
export async function emlTarget(): Promise<FuzzTarget> {
  const own = testMessages.map(([, bytes]) => bytes);
  const real = folders.realCompoundFiles.flatMap((folder) => filesIn(folder, /\.eml$/));
  return {
    habits: {
      head: 600,
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
    samples: [...own, ...real, ...(await Promise.all(own.slice(0, 4).map(protectedFrom)))],
    async check(input) {
      const source = memorySource(input);
      const message = await readMime(source);
      recipientsOf(message);
      const texts = await contentsOf(message);
      const same = await readMime(memorySource(await written(await mimeWriter(message))));
      must(equal(await contentsOf(same), texts), 'written as it was, the message has other contents');
      const fresh = await written(await mimeWriter({ ...message, original: undefined }));
      const again = await readMime(memorySource(fresh));
      must(again.attachments.length === message.attachments.length, 'written anew, attachments are missing');
      must(
        equal((await contentsOf(again)).slice(0, 2), texts.slice(0, 2)) || message.body === undefined,
        'written anew, the message has another text',
      );
      const outer = await findProtectedPart(memorySource(await protectedFrom(input)));
      must(outer !== undefined, 'the protected part of a message is not found');
      must(equal([await wholeSource(outer.content)], [rpmsg]), 'the protected part has other bytes');
      const restored = await written(await mimeWriter(restoredMessage(outer.message, message)));
      const opened = await readMime(memorySource(restored));
      must(equal(await contentsOf(opened), texts), 'restored, the message has other contents');
      const found = await findProtectedPart(source);
      if (found === undefined) return message.attachments.length > 0 ? 'with attachments' : 'text';
      const replaced = await findProtectedPart(memorySource(await written(await found.replaced(rpmsgWriter))));
      must(replaced !== undefined, 'the exchanged part is not found');
      must(equal([await wholeSource(replaced.content)], [rpmsg]), 'the exchanged part has other bytes');
      return 'protected';
    },
  }; // biome-ignore format: the tokens are a table
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

/** Texts, and contents of the files attached, in their order; those of attached messages too. */
async function contentsOf({ body, attachments }: MailMessage): Promise<Uint8Array[]> {
  const empty = memorySource(new Uint8Array(0));
  const contents = [await wholeSource(body?.plain ?? empty), await wholeSource(body?.html ?? empty)];
  for (const each of attachments)
    if (each.kind === 'file') contents.push(await wholeSource(each.content));
    else if (each.kind === 'message') contents.push(...(await contentsOf(each.message)));
  return contents;
}

const equal = (one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean =>
  one.length === other.length &&
  one.every((bytes, index) => Buffer.compare(bytes, other[index] ?? new Uint8Array(0)) === 0);
