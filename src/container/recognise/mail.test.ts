import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8, encodeUtf16le, memorySource } from '../../bytes/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../compound-file/layout.ts';
import type { NewStorage, NewStream } from '../compound-file/new-compound-file.ts';
import { readCompoundFile } from '../compound-file/read.ts';
import { isMimeMessage, isOutlookItem, isProtectedMime, isProtectedOutlookItem, isRpmsg } from './mail.ts';

const samples = '../shared/data/samples/plaintext/';
const sample = (name: string): Uint8Array => new Uint8Array(readFileSync(`${samples}${name}`));
const unlessAbsent = it.skipIf(!existsSync(samples));
const isMail = (text: string): boolean => isMimeMessage(encodeUtf8(text).subarray(0, 4096));
const isProtected = (text: string): Promise<boolean> => isProtectedMime(memorySource(encodeUtf8(text)));

const rpmsgPart = `Content-Type: application/x-microsoft-rpmsg-message;
 name="message.rpmsg"
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="message.rpmsg"

dugEYMQR44Y=
`;
const message = (fields: string, second: string): string => `From: alice@contoso.com
To: bob@contoso.com
Subject: hello
${fields}
--limit
Content-Type: text/plain

This message is protected.
--limit
${second}
--limit--
`;
const mixed = 'Content-Type: multipart/mixed; boundary="limit"\n';

describe('recognising mail', () => {
  unlessAbsent.each(['testEML_embedded_xhtml_and_img.eml', 'testRFC822_multipart_attachments.eml'])(
    'takes %s for a message without protection',
    async (name) => {
      const bytes = sample(name);
      expect(isMimeMessage(bytes.subarray(0, 4096))).toBe(true);
      expect(await isProtectedMime(memorySource(bytes))).toBe(false);
    },
  );

  it('does not take a text for a message because a line of it has a colon', () => {
    expect(isMail('Note: call Bob\n\nMore text.')).toBe(false);
    expect(isMail('To: do\nbuy milk\n')).toBe(false);
    expect(isMail('https://example.com/\n')).toBe(false);
    expect(isMail('{"From": 1}')).toBe(false);
    expect(isMail('')).toBe(false);
  });

  it('takes a message for one whose header is longer than what is looked at', () => {
    const received = `Received: from mail.example.com\n\tby mx.contoso.com; Mon, 1 Jan 2024 00:00:00 +0000\n`;
    expect(isMail(`Return-Path: <a@example.com>\n${received.repeat(200)}`)).toBe(true);
  });

  it('passes over a byte order mark and the separator line of a mailbox', () => {
    expect(isMail('\ufeffFrom: a@contoso.com\nTo: b@contoso.com\n\n')).toBe(true);
    expect(isMail('From a@contoso.com Mon Jan  1\r\nFrom: a@contoso.com\r\nTo: b@contoso.com\r\n\r\n')).toBe(
      true,
    );
  });

  it('knows a protected message by its content class', async () => {
    expect(await isProtected(message(`Content-Class:\n RPMSG.Message\n${mixed}`, rpmsgPart))).toBe(true);
  });

  it('knows a protected message by its content class behind a header longer than what is read first', async () => {
    const long = `X-Long: ${'x'.repeat(100 * 1024)}\nContent-Class: rpmsg.message\n${mixed}`;
    expect(await isProtected(message(long, rpmsgPart))).toBe(true);
    expect(await isProtected(message(`X-Long: ${'x'.repeat(100 * 1024)}\n${mixed}`, rpmsgPart))).toBe(true);
  });

  it('knows a protected message by its part where a gateway took the content class away', async () => {
    expect(await isProtected(message(mixed, rpmsgPart))).toBe(true);
    expect(await isProtected(message(mixed, rpmsgPart).replaceAll('\n', '\r\n'))).toBe(true);
  });

  it('does not take a message for protected that holds a protected one, or tells of such', async () => {
    const inner = message(`Content-Class: rpmsg.message\n${mixed}`, rpmsgPart).replaceAll('limit', 'inner');
    expect(await isProtected(message(mixed, `Content-Type: message/rfc822\n\n${inner}`))).toBe(false);
    expect(await isProtected(message(mixed, `Content-Type: text/plain\n\n${rpmsgPart}`))).toBe(false);
  });

  it('knows a bare message.rpmsg by its first bytes', () => {
    expect(isRpmsg(Uint8Array.of(0x76, 0xe8, 0x04, 0x60, 0xc4, 0x11, 0xe3, 0x86, 0xa0))).toBe(true);
    expect(isRpmsg(Uint8Array.of(0x76, 0xe8))).toBe(false);
  });

  it('never fails for any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(400), async (noise, at) => {
        const bytes = encodeUtf8(message(mixed, rpmsgPart));
        bytes.set(noise, Math.min(at, bytes.length - noise.length));
        isMimeMessage(bytes);
        expect(typeof (await isProtectedMime(memorySource(bytes)))).toBe('boolean');
      }),
    );
  });
});

describe('a text file that begins like mail', () => {
  it('is none if a line of its header ends as only some programs end lines', () => {
    // Others would take all of it for one field, and leave it readable.
    expect(isMimeMessage(encodeUtf8('From: a@b.c\rSubject: x\r\rSecret\r'), 1)).toBe(false);
    expect(isMimeMessage(encodeUtf8('From: a@b.c\nSubject: x\rBcc: c@d.e\n\nSecret'), 1)).toBe(false);
    expect(isMimeMessage(encodeUtf8('From: a@b.c\r\nSubject: x\r\n\r\nA\rB'), 1)).toBe(true);
  });
});

const text = (tag: string, value: string): NewStream => ({
  kind: 'stream',
  name: `__substg1.0_${tag}`,
  content: tag.endsWith('1F') ? encodeUtf16le(value) : encodeUtf8(value),
});
const item = (...attached: readonly NewStream[]) => {
  const attachment: NewStorage = {
    kind: 'storage',
    name: '__attach_version1.0_#00000000',
    entries: attached,
  };
  const entries = [
    { kind: 'stream', name: '__properties_version1.0', content: new Uint8Array(32) } as const,
    attachment,
  ];
  return readCompoundFile(compoundFileSource(layoutCompoundFile({ entries })));
};

describe('recognising Outlook items', () => {
  unlessAbsent.each(['testMSG.msg', 'testMSG_att_doc.msg', 'test-outlook.msg'])(
    'takes %s for an item without protection',
    async (name) => {
      const file = await readCompoundFile(memorySource(sample(name)));
      expect(isOutlookItem(file)).toBe(true);
      expect(await isProtectedOutlookItem(file)).toBe(false);
    },
  );

  it('knows a protected item by the type of its attachment, or by its name where no type is stated', async () => {
    const type = 'application/x-microsoft-rpmsg-message';
    expect(await isProtectedOutlookItem(await item(text('370E001F', type)))).toBe(true);
    expect(await isProtectedOutlookItem(await item(text('370E001E', type)))).toBe(true);
    expect(await isProtectedOutlookItem(await item(text('3707001F', 'message_v4.rpmsg')))).toBe(true);
    expect(await isProtectedOutlookItem(await item(text('3707001F', 'report.pdf')))).toBe(false);
  });

  unlessAbsent('does not take a Word document for an item', async () => {
    const bytes = sample('testWORD.doc');
    expect(isOutlookItem(await readCompoundFile(memorySource(bytes)))).toBe(false);
  });
});
