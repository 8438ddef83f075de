import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import {
  type ByteSource,
  concatBytes,
  encodeBase64,
  encodeUtf8,
  memorySource,
} from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { defaultForm } from './body-form.ts';
import { decodedSource } from './decoded-body.ts';
import { base64Encoder } from './encode-base64.ts';
import { quotedPrintableEncoder } from './encode-quoted-printable.ts';
import { encodedText, fieldLine, mailboxText } from './encoded-words.ts';
import { mimeWriter } from './message-writer.ts';
import { byteByByte, bytesOf, testMessages, written } from './messages.test-support.ts';
import { parameterText } from './parameter-text.ts';
import { readMime } from './read.ts';
import { recipientsOf } from './recipients.ts';
import { splitMime } from './split.ts';
import { parseStructuredField } from './structured-field.ts';

const split = (text: string) => splitMime(memorySource(encodeUtf8(text)));
const read = (text: string) => readMime(memorySource(encodeUtf8(text)));
const refused = { code: 'LIMIT_EXCEEDED' } as const;

describe('messages that claim too much', () => {
  it('are refused: parts within each other without end', async () => {
    const deep = (count: number): string =>
      Array.from(
        { length: count },
        (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`,
      ).join('');
    await expect(split(deep(30))).resolves.toBeDefined();
    await expect(split(deep(2000))).rejects.toMatchObject(refused);
    await expect(split('Content-Type: message/rfc822\n\n'.repeat(2000))).rejects.toMatchObject(refused);
  });

  it('are refused: parts without number', async () => {
    const many = `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\n'.repeat(20_000)}`;
    await expect(split(many)).rejects.toMatchObject(refused);
  });

  it('are refused: headers without end, of one line, of many, and of many parts', async () => {
    await expect(split(`X: ${'a'.repeat(400_000)}\n\n`)).rejects.toMatchObject(refused);
    await expect(split('X: a\n'.repeat(200_000))).rejects.toMatchObject(refused);
    const part = `--b\nX: ${'a'.repeat(200_000)}\n\n`;
    const many = `Content-Type: multipart/mixed; boundary=b\n\n${part.repeat(50)}`;
    await expect(split(many)).rejects.toMatchObject(refused);
  });

  it('cost no more time than their length: white space, brackets and quotes without end', async () => {
    const many = (text: string): string => text.repeat(200_000 / text.length);
    for (const text of ['\r\n ', ' ', '(', '"', '\\', '=?utf-8?Q?', ';', '<', 'a:', '@', '*=', "''%"]) {
      const value = `${many(text)}x`;
      const message = await read(
        `To: ${value}\nContent-Type: text/plain; ${value}\nContent-Disposition: ${value}\n\nt`,
      ).catch((error: unknown) => error);
      if (message instanceof Error) expect(message).toMatchObject(refused);
      else {
        recipientsOf(message as Awaited<ReturnType<typeof read>>);
        fieldLine('To', `${value}é`);
      }
    }
  });

  it('hold messages within messages as files from a depth on', async () => {
    let message = await read(`${'Content-Type: message/rfc822\n\n'.repeat(20)}Subject: x\n\n`);
    for (let depth = 1; depth <= 8; depth++) {
      const inner = message.attachments[0];
      if (inner?.kind !== 'message') throw new Error(`depth ${depth}`);
      message = inner.message;
    }
    expect(message.attachments[0]?.kind).toBe('file');
  });

  it('lose only what lets them be written as they were, if there is much between their parts', async () => {
    const message = await read(
      `Content-Type: multipart/mixed; boundary=b\n\n${'preamble\n'.repeat(200_000)}--b\n\ntext\n--b--\n`,
    );
    expect(message.original).toBeUndefined();
    expect(await bytesOf(message.body?.plain)).toEqual(encodeUtf8('text'));
  });
});

describe('boundaries', () => {
  it('that begin with each other are told apart', async () => {
    const root = await split(
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\none\n--bbb\n--bb--\n--b--x\n--b\n\ntwo\n--b--\n',
    );
    expect(root.children.map(({ children }) => children.length)).toEqual([1, 0]);
    expect(root.children[0]?.children[0]?.body).toMatchObject({ end: expect.any(Number) });
  });

  it('of an outer part end the parts within that were never closed', async () => {
    const message = await read(
      'Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\none\n--a\nContent-Type: image/png\n\ntwo\n--a--\n',
    );
    expect(message.attachments.map(({ contentType }) => contentType)).toEqual(['image/png']);
  });

  it('right behind each other, and in the middle of a header, make empty parts', async () => {
    const root = await split('Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\nX: y\n--b--');
    expect(root.children.map(({ body }) => body.end - body.start)).toEqual([0, 0]);
    expect(root.children[1]?.fields).toMatchObject([{ name: 'X', value: 'y' }]);
  });
});

describe('bodies', () => {
  const decoded = async (encoding: 'base64' | 'quoted-printable', text: string) =>
    new TextDecoder('latin1').decode(
      await bytesOf(await decodedSource(memorySource(encodeUtf8(text)), encoding)),
    );

  it('in base64 are read as mail has them', async () => {
    expect(await decoded('base64', 'YW\r\nJj*!')).toBe('abc');
    expect(await decoded('base64', 'YQ==YmM=\r\nZA')).toBe('abcd');
    expect(await decoded('base64', 'Y')).toBe('');
    expect(await decoded('base64', '====')).toBe('');
  });

  it('in quoted-printable are read as mail has them', async () => {
    expect(await decoded('quoted-printable', 'a=3db=3D=\r\nc=\nd=zz=4')).toBe('a=b=cd=zz=4');
    expect(await decoded('quoted-printable', 'a=')).toBe('a');
  });

  it.each(['base64', 'quoted-printable'] as const)(
    'in %s give the same bytes in any order',
    async (encoding) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.constantFrom('a', '=', '=41', '=\r\n', '\r\n', 'QUJD', '*', 'x'.repeat(40_000), '=\n'),
            { maxLength: 24 },
          ),
          fc.array(fc.tuple(fc.nat(200_000), fc.nat(90_000)), { maxLength: 8 }),
          async (tokens, reads) => {
            const source = await decodedSource(memorySource(encodeUtf8(tokens.join(''))), encoding);
            const whole = await bytesOf(source);
            expect(whole.length).toBe(source.size);
            await Promise.all(
              reads.map(async ([offset, length]) => {
                const part = new Uint8Array(await source.read(offset, length));
                expect(Buffer.compare(part, whole.subarray(offset, offset + length))).toBe(0);
              }),
            );
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it('of which little decodes to anything are not read again from their beginning for each piece', async () => {
    const bytes = encodeUtf8(`QUJD${'*'.repeat(4 * 1024 * 1024)}REVG`);
    let count = 0;
    const memory = memorySource(bytes);
    const counted = {
      ...memory,
      read(offset: number, length: number) {
        const part = bytes.subarray(offset, offset + length);
        count += part.length;
        return part;
      },
    };
    const source = await decodedSource(counted, 'base64');
    for (let turn = 0; turn < 50; turn++) {
      expect(new Uint8Array(await source.read(5, 1))).toEqual(Uint8Array.of(70));
      expect(new Uint8Array(await source.read(0, 1))).toEqual(Uint8Array.of(65));
    }
    expect(count).toBeLessThan(5 * bytes.length);
  });

  it('keep no memory once they were read, however many there are', async () => {
    const bodies: ByteSource[] = [];
    const before = process.memoryUsage().arrayBuffers;
    for (let number = 0; number < 2000; number++) {
      const source = await decodedSource(memorySource(encodeUtf8('QUJD')), 'base64');
      await source.read(0, 3);
      bodies.push(source);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 1024 * 1024);
    expect(bodies.length).toBe(2000);
  });

  it('that are encoded decode to the same, in windows of any length', async () => {
    const encoders = { base64: base64Encoder, 'quoted-printable': quotedPrintableEncoder };
    const forms = fc.record({
      encoding: fc.constantFrom('base64' as const, 'quoted-printable' as const),
      lineLength: fc.constantFrom(0, 4, 76),
      lineBreak: fc.constantFrom('crlf' as const, 'lf' as const),
    });
    const texts = fc.array(fc.oneof(fc.constantFrom(13, 10, 32, 9, 45, 61, 46), fc.nat(255)), {
      maxLength: 300,
    });
    await fc.assert(
      fc.asyncProperty(forms, texts, fc.integer({ min: 1, max: 50 }), async (form, bytes, window) => {
        const content = Uint8Array.from(bytes);
        const encoder = encoders[form.encoding](form);
        const parts: Uint8Array[] = [];
        for (let at = 0; at < content.length; at += window)
          parts.push(encoder.encode(content.slice(at, at + window)));
        const encoded = concatBytes([...parts, encoder.end()]);
        expect(await bytesOf(await decodedSource(memorySource(encoded), form.encoding))).toEqual(content);
        const lines = new TextDecoder('latin1').decode(encoded).split(/\r?\n/);
        if (form.lineLength > 0)
          expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(76);
        if (form.encoding === 'base64' && form.lineLength === 0)
          expect(lines.join('')).toBe(encodeBase64(content));
        if (form.encoding === 'quoted-printable')
          expect(lines.some((line) => /^--\S|[ \t]$/.test(line))).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('any bytes', () => {
  const tokens = fc.constantFrom(
    '\n', '\r\n', '\n\n', '--b', '--b--', '--c', '--', 'Content-Type: multipart/mixed; boundary=b\n', ' ', ':', 'X: y\n',
    'Content-Type: multipart/alternative; boundary="c"\r\n', 'Content-Type: message/rfc822\n', 'text', 'é',
    'Content-Transfer-Encoding: base64\n', 'Content-Transfer-Encoding: quoted-printable\n', 'QUJD', '=41', '\0', '\r',
    'Content-Disposition: attachment; filename=a\n', 'Content-Type: text/html; charset=shift_jis\n', 'Subject: =?utf-8?Q?',
  ); // biome-ignore format: a table
  const messages = fc.array(tokens, { maxLength: 40 }).map((all) => encodeUtf8(all.join('')));

  it('are read and written again as a message with the same texts and attachments, or refused', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (bytes) => {
        const message = await readMime(memorySource(bytes));
        const again = await readMime(memorySource(await written(await mimeWriter(message))));
        expect(await bytesOf(again.body?.plain)).toEqual(await bytesOf(message.body?.plain));
        expect(await bytesOf(again.body?.html)).toEqual(await bytesOf(message.body?.html));
        expect(again.attachments.map(({ kind, name }) => [kind, name])).toEqual(
          message.attachments.map(({ kind, name }) => [kind, name]),
        );
        const slow = await splitMime(byteByByte(bytes));
        const extents = (part: typeof slow): unknown => [part.header, part.body, part.children.map(extents)];
        expect(extents(slow)).toEqual(extents(await splitMime(memorySource(bytes))));
      }),
      { numRuns: 200 },
    );
  });

  it('cut anywhere, a message is still one', async () => {
    for (const [, bytes] of testMessages)
      for (let length = 0; length < bytes.length; length += 41) {
        const message = await readMime(memorySource(bytes.subarray(0, length)));
        await written(await mimeWriter(message));
      }
  });
});

describe('names and addresses', () => {
  it('in any language come back as they were', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 100 }), async (text) => {
        const clean = text.replace(/\p{Cc}+/gu, ' ');
        fc.pre(clean.trim() === clean && !clean.includes('=?'));
        const header = `Subject: ${encodedText(clean)}\r\nTo: ${mailboxText(clean, 'a@b.example')}\r\n\r\n`;
        const parsed = await PostalMime.parse(encodeUtf8(header));
        expect(parsed.subject ?? '').toBe(clean);
        const field = parseStructuredField(`attachment${parameterText('filename', clean)}`);
        expect(field.parameters.get('filename')).toBe(clean);
      }),
      { numRuns: 200 },
    );
  });

  it('cannot begin a field of their own', () => {
    expect(fieldLine('Subject', 'a\r\nBcc: x@example.com')).toBe('Subject: a\r\n Bcc: x@example.com\r\n');
    expect(fieldLine('Subject', 'a\nBcc: é')).not.toMatch(/^Bcc/m);
    expect(fieldLine('Sub ject:', 'a')).toBe('');
    expect(parameterText('name', 'a\r\nX: "y')).toBe(';\r\n\tname="a X: \\"y"');
    expect(mailboxText('a', 'b@c>\r\nBcc: <d')).toBe('a <b@cBcc:d>');
  });

  it('of a message are found in groups, encoded names and repeated fields, each once', () => {
    const fields = [
      { name: 'From', value: '=?utf-8?Q?J=C3=B6rg?= <joerg@example.com>' },
      { name: 'To', value: 'Team: a@example.com, "B, C" <b@example.com>;, A@example.com' },
      { name: 'TO', value: 'c@example.com,\r\n not an address' },
    ];
    expect(recipientsOf({ fields })).toEqual({
      from: ['joerg@example.com'],
      sender: [],
      to: ['A@example.com', 'b@example.com', 'c@example.com'],
      cc: [],
      bcc: [],
    });
  });
});

describe('a skeleton that somebody made up', () => {
  it('is passed over if it does not fit the message', async () => {
    const message = await read('Subject: x\n\nhello\n');
    const bytes = message.original?.bytes ?? new Uint8Array(0);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.nat(255),
        fc.nat(bytes.length),
        async (at, byte, length) => {
          const changed = bytes.slice(0, length);
          if (at < length) changed[at] = byte;
          const writer = mimeWriter({ ...message, original: { form: 'mime', bytes: changed } });
          const result = await writer.then(written).catch((error: unknown) => error);
          expect(result instanceof Uint8Array || result instanceof SealwrightError).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is passed over if the message has other attachments than it had', async () => {
    const message = await read('Subject: x\n\nhello\n');
    const more = await read('Content-Type: application/pdf; name=a.pdf\n\nabc');
    const both = await written(await mimeWriter({ ...message, attachments: more.attachments }));
    const again = await readMime(memorySource(both));
    expect(await bytesOf(again.body?.plain)).toEqual(encodeUtf8('hello\n'));
    expect(again.attachments.map(({ name }) => name)).toEqual(['a.pdf']);
    expect(defaultForm('base64').lineLength).toBe(76);
  });
});
