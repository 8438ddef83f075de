import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { concatBytes, encodeUtf8, memorySource } from '../../../bytes/index.ts';
import type { DocumentWriter } from '../../document-format.ts';
import { findProtectedPart } from './find-protected-part.ts';
import { mimeWriter } from './message-writer.ts';
import {
  byteByByte,
  bytesOf,
  hasPython,
  pythonParts,
  testBytes,
  testMessages,
  written,
} from './messages.test-support.ts';
import { restoredMessage } from './protected-fields.ts';
import { protectedMimeWriter } from './protected-message.ts';
import { readMime } from './read.ts';

const writerOf = (bytes: Uint8Array, size: number | undefined = bytes.length): DocumentWriter => ({
  size,
  async writeTo(sink) {
    for (let at = 0; at < bytes.length; at += 1000) await sink.write(bytes.subarray(at, at + 1000));
    return bytes.length;
  },
});
const rpmsg = testBytes(4321);
const stub = { plain: 'Dies ist geschützt.\r\n', html: '<p>Dies ist geschützt.</p>\r\n' };
const protectedFrom = async (bytes: Uint8Array): Promise<Uint8Array> =>
  written(await protectedMimeWriter(await readMime(memorySource(bytes)), { stub, rpmsg: writerOf(rpmsg) }));
const latin = new TextDecoder('latin1');
const message = (text: string): Uint8Array => encodeUtf8(text.replaceAll('\n', '\r\n'));
const found = async (bytes: Uint8Array) => {
  const part = await findProtectedPart(memorySource(bytes));
  if (part === undefined) throw new Error('no protected part');
  return part;
};

describe('a protected message', () => {
  it.skipIf(!hasPython)('has a clear text and the protected part for Python', async () => {
    const all = await Promise.all(testMessages.map(([, bytes]) => protectedFrom(bytes)));
    const [before, after] = [pythonParts(testMessages.map(([, bytes]) => bytes)), pythonParts(all)];
    for (const [index, parts] of after.entries()) {
      expect(parts.map(({ type }) => type)).toEqual([
        'multipart/mixed',
        'multipart/alternative',
        'text/plain',
        'text/html',
        'application/x-microsoft-rpmsg-message',
      ]);
      expect(parts[4]?.name).toBe('message.rpmsg');
      const fields = (parts[0]?.fields ?? []).filter((field) => !/^(content-|mime-version)/i.test(field));
      expect(fields).toEqual(
        before[index]?.[0]?.fields.filter((field) => !/^(content-|mime-version)/i.test(field)),
      );
      expect(parts[0]?.fields).toContain('Content-Class: rpmsg.message');
    }
  });

  it('has no signature over the text, whoever made it', async () => {
    const outer = latin.decode(
      await protectedFrom(message('X-SES-DKIM-Signature: bh=abc\nDKIM-Signature: bh=abc\nSubject: x\n\nhi')),
    );
    expect(outer).not.toContain('bh=abc');
    expect(outer).toMatch(/^Subject: x\r\n/);
  });

  it('is not made of a header in which nobody can tell where the text begins', async () => {
    for (const text of [
      'From: a@b.c\rSubject: x\r\rSecret',
      'Subject: x\rBcc: c@d.e\n\nSecret',
      'Subject: x\r\r\n\r\nSecret',
    ])
      await expect(protectedFrom(encodeUtf8(text))).rejects.toMatchObject({ code: 'MALFORMED_CONTAINER' });
    await expect(protectedFrom(encodeUtf8('Subject: x\n\na\rb'))).resolves.toBeDefined();
  });

  it('is not made of a header that would be too long to be read with the line breaks of mail', async () => {
    const header = 'X: y\n'.repeat(50_000);
    await expect(protectedFrom(encodeUtf8(`${header}\ntext`))).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
    const shorter = await protectedFrom(encodeUtf8(`${header.slice(0, 200_000)}\ntext`));
    expect(await bytesOf((await found(shorter)).content)).toEqual(rpmsg);
  });

  it('has the fields of a file that begins with a byte-order mark, and gives the same file back', async () => {
    const bytes = encodeUtf8('\ufeffFrom: a@b.c\r\nSubject: x\r\n\r\nhello');
    const read = await readMime(memorySource(bytes));
    expect(read.fields).toEqual([
      { name: 'From', value: 'a@b.c' },
      { name: 'Subject', value: 'x' },
    ]);
    const outer = await protectedFrom(bytes);
    expect(latin.decode(outer)).toMatch(/^From: a@b\.c\r\nSubject: x\r\nContent-Class: rpmsg\.message\r\n/);
    expect(await written(await mimeWriter(restoredMessage((await found(outer)).message, read)))).toEqual(
      bytes,
    );
    const marked = concatBytes([encodeUtf8('\ufeff'), outer]);
    expect(await bytesOf((await found(marked)).content)).toEqual(rpmsg);
  });

  it('is read by postal-mime: the clear text, and the part unchanged', async () => {
    const parsed = await PostalMime.parse(await protectedFrom(testMessages[8]![1]));
    expect(parsed.text?.trim()).toBe('Dies ist geschützt.');
    expect(parsed.attachments.map(({ filename }) => filename)).toEqual(['message.rpmsg']);
    expect(new Uint8Array(parsed.attachments[0]!.content as ArrayBuffer)).toEqual(rpmsg);
  });

  it('tells nothing of text, attachments, and what describes them', async () => {
    const bytes = await protectedFrom(
      message(`From: a@example.com
Subject: stays
Keywords: merger
Comments: see the merger
DKIM-Signature: v=1; bh=merger
X-Spam-Report: Content preview: the merger
Content-Language: fr
Content-Type: multipart/mixed; boundary=merger

the merger
--merger
Content-Description: merger

The merger is on.
--merger
Content-Type: application/pdf; name=merger.pdf

merger
--merger--
`),
    );
    expect(latin.decode(bytes)).not.toMatch(/merger|Content-Language/);
    expect(latin.decode(bytes)).toMatch(
      /^From: a@example.com\r\nSubject: stays\r\nContent-Class: rpmsg.message\r\n/,
    );
  });

  it('keeps a text out of its header that only looks like one', async () => {
    const bytes = await protectedFrom(message('Subject: x\nDear all: read this\nSecret: yes\n\nbody\n'));
    expect(latin.decode(bytes)).not.toContain('Secret');
  });

  it.each(['\r', ''])(
    'gives back a header of bytes beyond ASCII whose last line was cut (%j)',
    async (end) => {
      const bytes = concatBytes([
        encodeUtf8('Subject: gr\u00fcn\r\nX: '),
        Uint8Array.of(0xe2, 0x41),
        encodeUtf8(end),
      ]);
      const { message: outer } = await found(await protectedFrom(bytes));
      const restored = restoredMessage(outer, await readMime(memorySource(bytes)));
      expect(latin.decode(await written(await mimeWriter(restored)))).toBe(latin.decode(bytes));
    },
  );

  it.each(testMessages)('gives back what it was made from, byte for byte: %s', async (_, bytes) => {
    const original = await readMime(memorySource(bytes));
    const outer = await found(await protectedFrom(bytes));
    expect(await bytesOf(outer.content)).toEqual(rpmsg);
    const restored = restoredMessage(outer.message, { ...original, fields: [] });
    expect(latin.decode(await written(await mimeWriter(restored)))).toBe(latin.decode(bytes));
  });

  it('gives back what was withheld, and keeps what came in front on the way', async () => {
    const bytes = message('Comments: mine\nSubject: a\nKeywords: k\n\ntext\n');
    const original = await readMime(memorySource(bytes));
    const outer = await found(encodeUtf8(`Received: by c\r\n${latin.decode(await protectedFrom(bytes))}`));
    const restored = await written(await mimeWriter(restoredMessage(outer.message, original)));
    expect(latin.decode(restored)).toBe(`Received: by c\r\n${latin.decode(bytes)}`);
  });

  it('shows the subject that the message has now, if it was changed on the way', async () => {
    const bytes = message('Subject: a\nComments: mine\nMIME-Version: 1.0\n\ntext\n');
    const original = await readMime(memorySource(bytes));
    const changed = latin.decode(await protectedFrom(bytes)).replace('Subject: a', 'Subject: [external] a');
    const outer = await found(encodeUtf8(changed));
    const restored = await written(await mimeWriter(restoredMessage(outer.message, original)));
    expect(latin.decode(restored)).toBe(
      'Subject: [external] a\r\nComments: mine\r\nMIME-Version: 1.0\r\n\r\ntext\r\n',
    );
  });

  it('has a size that is known before it is written, if that of the part is', async () => {
    const original = await readMime(memorySource(testMessages[0]![1]));
    const plain = { plain: 'Protected.\r\n' };
    const known = await protectedMimeWriter(original, { stub: plain, rpmsg: writerOf(rpmsg) });
    expect(known.size).toBe((await written(known)).length);
    const unknown = await protectedMimeWriter(original, {
      stub: plain,
      rpmsg: { ...writerOf(rpmsg), size: undefined },
    });
    expect(unknown.size).toBeUndefined();
    expect(await written(unknown)).toEqual(await written(known));
  });
});

describe('another protected part in the same message', () => {
  const outer = (encoding: string, body: string, name = 'message.rpmsg'): Uint8Array =>
    message(`Subject:  odd   spacing
Content-Type: MULTIPART/mixed;
  boundary="x"

preamble
--x \t
Content-Type: text/plain

stub
--x
Content-Type: application/octet-stream; name="${name}"
${encoding}
${body}

--x--
epilogue
`);

  it.each([
    ['base64', 'Content-Transfer-Encoding: base64\n', 'AAAA\nAAAA\nAA=='],
    ['quoted-printable', 'X: y\nContent-transfer-encoding: quoted-printable\nZ: z\n', 'abc=3D'],
    ['nothing said of the encoding', '', 'abc'],
  ])('leaves every other byte as it was: %s', async (_, encoding, body) => {
    const bytes = outer(encoding, body);
    const changed = await written(await (await found(bytes)).replaced(writerOf(rpmsg)));
    expect(await bytesOf((await found(changed)).content)).toEqual(rpmsg);
    const split = (all: Uint8Array): string[] => latin.decode(all).split('message.rpmsg"\r\n');
    expect(split(changed)[0]).toBe(split(bytes)[0]);
    expect(latin.decode(changed)).toMatch(/\r\n--x--\r\nepilogue\r\n$/);
    const [before, after] = [await PostalMime.parse(bytes), await PostalMime.parse(changed)];
    expect([after.text, after.subject, after.attachments.length]).toEqual([before.text, before.subject, 1]);
  });

  it('with the same content gives the same message', async () => {
    const bytes = outer('Content-Transfer-Encoding: base64\n', 'AAAA\nAAAA\nAA==');
    const part = await found(bytes);
    const same = writerOf(await bytesOf(part.content));
    expect(latin.decode(await written(await part.replaced(same)))).toBe(latin.decode(bytes));
  });

  it.each([
    'Content-Type: text/plain; name=message.rpmsg',
    'Content-Type: text/plain; name=message.rpmsg\r\n',
    'Content-Transfer-Encoding: base64\r\nContent-Type: text/plain; name=message.rpmsg',
  ])('is put into a message that was cut within the header of the part: %j', async (header) => {
    const bytes = encodeUtf8(`Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${header}`);
    const changed = await written(await (await found(bytes)).replaced(writerOf(rpmsg)));
    expect(await bytesOf((await found(changed)).content)).toEqual(rpmsg);
  });

  it('is put into an empty part that the next boundary follows at once', async () => {
    const bytes = message(
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; name=message.rpmsg\n\n--b--\n',
    );
    const changed = await written(await (await found(bytes)).replaced(writerOf(rpmsg)));
    expect(await bytesOf((await found(changed)).content)).toEqual(rpmsg);
    expect(latin.decode(changed)).toMatch(/\r\n--b--\r\n$/);
  });

  it.each(['message.rpmsg', 'MESSAGE.RPMSG', 'message_v2.rpmsg', 'Message_v4.rpmsg'])(
    'is found by its name %s',
    async (name) => {
      expect((await found(outer('', 'abc', name))).name).toBe(name);
      expect(await findProtectedPart(byteByByte(outer('', 'abc', name)))).toBeDefined();
    },
  );

  it('is none where only an attached message has one, and none in an ordinary message', async () => {
    const inner = latin.decode(outer('', 'abc'));
    const forwarded = encodeUtf8(`Content-Type: message/rfc822\r\n\r\n${inner}`);
    expect(await findProtectedPart(memorySource(forwarded))).toBeUndefined();
    for (const [, bytes] of testMessages)
      expect(await findProtectedPart(memorySource(bytes))).toBeUndefined();
  });
});
