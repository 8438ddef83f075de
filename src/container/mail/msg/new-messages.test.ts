import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, encodeUtf8, memorySource, sliceSource } from '../../../bytes/index.ts';
import { encodeMailText } from '../code-pages.ts';
import {
  mapiEntries,
  msgEntries,
  protectedMsgEntries,
  readMapiStorage,
  readMsg,
  restoredMsgEntries,
} from './index.ts';
import { attachment, field, message, noFacts, streamsOf, text, written } from './messages.test-support.ts';

const again = async (from: Parameters<typeof msgEntries>[0]) =>
  readMsg(await written(await msgEntries(from)));
const contentOf = async (source: ByteSource | undefined) =>
  new Uint8Array((await source?.read(0, source.size ?? 0)) ?? []);

describe('a message that never was an Outlook item', () => {
  it('is written with its fields, people and texts, and read with the same', async () => {
    const fields = {
      From: '=?utf-8?Q?J=C3=B6rg_M=C3=BCller?= <joerg@example.com>',
      To: '"Doe, Jane" <jane@example.com>, bob@example.com',
      Cc: 'Team: ann@example.com, tom@example.com;',
      Subject: '=?utf-8?B?5pel5pys6Kqe?= and more',
      Date: 'Tue, 3 Mar 2026 10:20:30 +0100 (CET)',
      'Message-ID': '<1@example.com>',
      'Reply-To': 'Answers <answers@example.com>',
      'X-Thing': 'kept',
    };
    const found = await again(message(fields, { plain: 'Grüße – 日本\r\n', html: '<p>Grüße – 日本</p>' }));
    expect(Object.fromEntries(found.fields.map(({ name, value }) => [name, value]))).toMatchObject(fields);
    expect(await text(found, 'plain')).toBe('Grüße – 日本\r\n');
    expect(await text(found, 'html')).toBe('<p>Grüße – 日本</p>');
    expect(found.body?.native).toBe('html');
  });

  it('tells sender, recipients, subject and date by its properties too, where nobody kept a header', async () => {
    const file = await written(
      await msgEntries(
        message(
          {
            From: '=?utf-8?Q?J=C3=B6rg?= <joerg@example.com>',
            To: '"Doe, Jane" <jane@example.com>, bob@example.com',
            Bcc: 'secret@example.com',
            'Reply-To': 'Answers <answers@example.com>',
            Subject: 'Re: =?utf-8?B?5pel5pys6Kqe?=',
            Date: 'Tue, 3 Mar 2026 10:20:30 +0100',
          },
          { plain: 'x' },
        ),
      ),
    );
    const { root } = file;
    const entries = root.entries.filter(({ name }) => name !== '__substg1.0_007D001F');
    const found = await readMapiStorage(file, { ...root, entries });
    expect(field(found, 'From')).toBe('=?utf-8?B?SsO2cmc=?= <joerg@example.com>');
    expect(field(found, 'To')).toBe('"Doe, Jane" <jane@example.com>,\r\n bob@example.com');
    expect(field(found, 'Bcc')).toBe('secret@example.com');
    expect(field(found, 'Reply-To')).toBe('Answers <answers@example.com>');
    expect(field(found, 'Subject')).toBe('=?utf-8?B?UmU6IOaXpeacrOiqng==?=');
    expect(field(found, 'Date')).toBe('Tue, 03 Mar 2026 09:20:30 +0000');
  });

  it('carries ten attachments with their names, types, dates and contents, some of them within the text', async () => {
    const created = new Date('2020-02-29T12:34:56.789Z');
    const attachments = Array.from({ length: 10 }, (_, i) =>
      attachment(`Bericht ${i} – ü.docx`, new Uint8Array(i * 1000).fill(i), {
        contentType: 'image/png',
        contentId: i % 2 ? `image${i}@example.com` : undefined,
        inline: i % 2 === 1,
        created,
      }),
    );
    const found = await again(
      message({ Subject: 'Ten' }, { html: '<img src="cid:image1@example.com">' }, attachments),
    );
    expect(found.attachments).toHaveLength(10);
    for (const [i, each] of found.attachments.entries()) {
      const { content, ...facts } = attachments[i] as (typeof attachments)[0];
      expect(each).toMatchObject({ ...facts, kind: 'file' });
      if (each.kind === 'file') expect(await contentOf(each.content)).toEqual(await contentOf(content));
    }
  });

  it('may have attachments that can only be read from front to back', async () => {
    const bytes = new Uint8Array(20_000).map((_, i) => i);
    const forward = memorySource(bytes);
    const content: ByteSource = { ...forward, seekable: false, slice: (o, l) => sliceSource(content, o, l) };
    const found = await again(message({}, {}, [{ ...attachment('a.bin', ''), content }]));
    const [first] = found.attachments;
    expect(first?.kind === 'file' && (await contentOf(first.content))).toEqual(bytes);
  });

  it('is written without texts of no length, which Outlook refuses', async () => {
    const streams = await streamsOf(
      await written(
        await msgEntries(message({ Subject: '', From: '' }, { plain: '' }, [attachment('', '')])),
      ),
    );
    for (const [name, bytes] of Object.entries(streams))
      if (name.endsWith('001F')) expect(bytes).not.toBe('');
  });

  it('may hold messages within messages to the depth that is stated, and no deeper', async () => {
    const nested = (depth: number): ReturnType<typeof message> =>
      message({ Subject: `Depth ${depth}`, msip_labels: `MSIP_Label_${depth}` }, { plain: `Text ${depth}` }, [
        attachment('a.txt', `File ${depth}`),
        ...(depth === 0 ? [] : [{ ...noFacts, kind: 'message', message: nested(depth - 1) } as const]),
      ]);
    let found: ReturnType<typeof message> | undefined = await again(await again(nested(10)));
    for (let depth = 10; depth >= 0; depth--) {
      expect(found && field(found, 'Subject')).toBe(`Depth ${depth}`);
      expect(found && field(found, 'msip_labels')).toBe(`MSIP_Label_${depth}`);
      expect(found && (await text(found, 'plain'))).toBe(`Text ${depth}`);
      const inner: ReturnType<typeof message>['attachments'][number] | undefined = found?.attachments[1];
      found = inner?.kind === 'message' ? inner.message : undefined;
    }
    expect(found).toBeUndefined();
    await expect(msgEntries(nested(11))).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('is whole as a storage within another file', async () => {
    const inner = message({ Subject: 'Inner', msip_labels: 'MSIP_Label_x=y' }, { html: '<p>Inner</p>' });
    const entries = await mapiEntries(inner);
    const file = await written({ entries: [{ kind: 'storage', name: 'MAPIMessage', entries }] });
    const storage = file.find('MAPIMessage');
    const found = storage?.kind === 'storage' ? await readMapiStorage(file, storage) : undefined;
    expect(found && field(found, 'msip_labels')).toBe('MSIP_Label_x=y');
    expect(found && (await text(found, 'html'))).toBe('<p>Inner</p>');
  });

  it('keeps an OLE object with all that is in it', async () => {
    const object = await written({
      entries: [
        { kind: 'stream', name: '\x03MailStream', content: new Uint8Array(12) },
        {
          kind: 'storage',
          name: 'Inner',
          entries: [{ kind: 'stream', name: 'CONTENTS', content: encodeUtf8('drawn') }],
        },
      ],
    });
    const found = await again(
      await again(
        message({}, { plain: 'x' }, [
          { ...noFacts, kind: 'storage', storage: object.root, open: (stream) => object.open(stream) },
        ]),
      ),
    );
    const [first] = found.attachments;
    expect(first?.kind).toBe('storage');
    if (first?.kind !== 'storage') return;
    const inner = first.storage.entries.find(({ name }) => name === 'Inner');
    const stream = inner?.kind === 'storage' ? inner.entries[0] : undefined;
    expect(stream?.kind === 'stream' && (await contentOf(first.open(stream)))).toEqual(encodeUtf8('drawn'));
  });

  it('is the same after it was protected and opened by programs that keep nothing of it', async () => {
    const before = message(
      {
        From: 'a@example.com',
        To: 'b@example.com',
        Subject: 'Plan',
        'Content-Class': 'urn:content-classes:message',
      },
      { plain: 'Secret' },
      [attachment('a.txt', 'File')],
    );
    const outer = await written(
      await protectedMsgEntries(before, {
        stub: { plain: 'Protected' },
        rpmsg: memorySource(new Uint8Array(10)),
        labels: [
          ['MSIP_Label_1_Enabled', 'true'],
          ['MSIP_Label_1_Name', 'Größe'],
        ],
      }),
    );
    const clear = await readMsg(outer);
    expect(field(clear, 'Subject')).toBe('Plan');
    expect(await text(clear, 'plain')).toBe('Protected');
    expect(field(clear, 'msip_labels')).toContain('=?utf-8?B?');
    const { body, attachments } = before;
    const after = await readMsg(
      await written(await restoredMsgEntries(outer, { fields: [], body, attachments })),
    );
    expect(field(after, 'Subject')).toBe('Plan');
    expect(field(after, 'To')).toBe('b@example.com');
    expect(await text(after, 'plain')).toBe('Secret');
    expect(after.attachments.map(({ name }) => name)).toEqual(['a.txt']);
    expect(JSON.stringify(after.fields)).not.toContain('rpmsg');
  });

  it('of any text and any names is read as it was written', async () => {
    const anyText = fc.string({ unit: 'grapheme', maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(anyText, anyText, fc.uint8Array({ maxLength: 6000 }), async (plain, name, bytes) => {
        const clean = plain.replace(/\0/g, '');
        const found = await again(message({}, { plain }, [attachment(name, bytes)]));
        expect((await text(found, 'plain')) ?? '').toBe(clean);
        const [first] = found.attachments;
        expect(first?.kind === 'file' && (await contentOf(first.content))).toEqual(bytes);
      }),
      { numRuns: 60 },
    );
  });
});

describe('text in a code page', () => {
  it.each([
    [1252, 'Größe – „€“'],
    [28591, 'Größe'],
    [932, '日本語 ｱｲｳ ①'],
    [936, '汉语'],
    [949, '한국어'],
    [950, '漢語'],
    [65001, '日本 💥'],
  ])('%i is encoded so that it is the same decoded', (codePage, sample) => {
    expect(encodeMailText(sample, codePage)).toBeDefined();
  });

  it('is not encoded where a character is missing', () => {
    expect(encodeMailText('日本', 1252)).toBeUndefined();
    expect(encodeMailText('💥', 932)).toBeUndefined();
    expect(encodeMailText('日本', 50220)).toBeUndefined();
  });
});
