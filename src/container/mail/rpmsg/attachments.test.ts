import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../bytes/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../../compound-file/layout.ts';
import { readCompoundFile } from '../../compound-file/read.ts';
import type { FileAttachment, MailAttachment } from '../mail-message.ts';
import { sizedWriter } from '../sized-writer.ts';
import {
  bytesOf,
  cipher,
  message,
  opened,
  protectedBytes,
  textOf,
  textSource,
} from './rpmsg.test-support.ts';

const facts = {
  contentType: 'application/octet-stream',
  contentId: undefined,
  contentLocation: undefined,
  inline: false,
  created: undefined,
  modified: undefined,
};

const file = (
  name: string,
  content: string | Uint8Array,
  more: Partial<FileAttachment> = {},
): FileAttachment => ({
  ...facts,
  kind: 'file',
  name,
  content: typeof content === 'string' ? textSource(content) : memorySource(content),
  ...more,
});

async function contentsOf(attachments: readonly MailAttachment[]) {
  return Promise.all(
    attachments.map(async (each) => [
      each.name,
      each.kind === 'file' ? await textOf(each.content) : each.kind,
    ]),
  );
}

describe('attachments of a protected message', () => {
  it('come back, ten of them, in their order and whatever their size', async () => {
    const attachments = Array.from({ length: 10 }, (_, index) =>
      file(`${index} price list.xlsx`, `${'contents '.repeat(index ** 5)}${index}`),
    );
    const back = await opened(await protectedBytes(message({ attachments })));
    expect(await contentsOf(back.attachments)).toEqual(await contentsOf(attachments));
  });

  it('keep their names, times, types and places in the text', async () => {
    const attachments = [
      file('日本語の名前.docx', 'a', {
        contentType: 'image/png',
        contentId: 'logo@contoso.com',
        contentLocation: 'https://contoso.com/logo.png',
        inline: true,
        created: new Date('2024-02-29T12:00:00Z'),
        modified: new Date('1999-12-31T23:59:59.999Z'),
      }),
      file(`${'a very long name '.repeat(30)}.txt`, 'b'),
      file('', 'c', { name: undefined }),
      file('empty', ''),
    ];
    const back = await opened(await protectedBytes(message({ attachments })));
    const said = (all: readonly MailAttachment[]) => all.map((each) => ({ ...each, content: undefined }));
    expect(said(back.attachments)).toEqual(said(attachments));
  });

  it('are shown in the text where the HTML refers to them, if nobody kept more of them', async () => {
    const html = textSource('<p><img src="cid:logo%40contoso.com"></p>');
    const attachments = [
      file('logo.png', 'a', { contentId: 'logo@contoso.com', inline: true }),
      file('other.png', 'b', { contentId: 'other@contoso.com', inline: true }),
    ];
    const body = { native: 'html', codePage: 65001, html } as const;
    const bytes = await protectedBytes(message({ body, attachments }), cipher(), { supplement: false });
    const back = await opened(bytes);
    expect(back.attachments.map(({ inline }) => inline)).toEqual([true, false]);
  });

  it('that are objects come back with all their storages and streams', async () => {
    for (const name of ['\x03MailStream', 'AttachDesc']) {
      const object = await readCompoundFile(
        compoundFileSource(
          layoutCompoundFile({
            classId: new Uint8Array(16).fill(7),
            entries: [
              { kind: 'stream', name, content: new Uint8Array([1, 2, 3]) },
              {
                kind: 'storage',
                name: 'inner',
                entries: [{ kind: 'stream', name: 'CONTENTS', content: new Uint8Array(5000).fill(9) }],
              },
            ],
          }),
        ),
      );
      const attachments = [
        { ...facts, kind: 'storage', name: 'drawing', storage: object.root, open: object.open } as const,
      ];
      const back = (await opened(await protectedBytes(message({ attachments })))).attachments[0];
      if (back?.kind !== 'storage') throw new Error('no object');
      expect(back.storage.classId).toEqual(object.root.classId);
      expect(back.storage.entries.map((entry) => entry.name).sort()).toEqual([name, 'inner'].sort());
      const [first, second] = [name, 'inner'].map((each) =>
        back.storage.entries.find((entry) => entry.name === each),
      );
      expect(await bytesOf(first?.kind === 'stream' ? back.open(first) : undefined)).toEqual(
        new Uint8Array([1, 2, 3]),
      );
      const inner = second?.kind === 'storage' ? second.entries[0] : undefined;
      expect(await bytesOf(inner?.kind === 'stream' ? back.open(inner) : undefined)).toEqual(
        new Uint8Array(5000).fill(9),
      );
    }
  });

  it('that are protected themselves are written in their place, also where their size is not known', async () => {
    const plain = file('plan.docx', 'the plan');
    for (const size of [8000, undefined, 0]) {
      const content = new Uint8Array(size ?? 70_000).map((_, index) => index % 251);
      const part = {
        name: 'plan.docx.pfile',
        size,
        async writeTo(sink: { write(bytes: Uint8Array): unknown }) {
          for (let at = 0; at < content.length; at += 999) await sink.write(content.subarray(at, at + 999));
          return content.length;
        },
      };
      const attachments = [file('a.txt', 'before'), plain, file('b.txt', 'behind')];
      const bytes = await protectedBytes(message({ attachments }), cipher(), {
        protectedParts: new Map([[plain, { name: part.name, ...(await sizedWriter(part)) }]]),
      });
      const back = await opened(bytes);
      expect(back.attachments.map(({ name }) => name)).toEqual(['a.txt', 'plan.docx.pfile', 'b.txt']);
      const [before, written, behind] = back.attachments.map((each) =>
        each.kind === 'file' ? each.content : undefined,
      );
      expect(await textOf(before)).toBe('before');
      expect(await bytesOf(written)).toEqual(content);
      expect(await textOf(behind)).toBe('behind');
    }
  });

  it('are not written where what writes them gives more or less than it said', async () => {
    const plain = file('plan.docx', 'the plan');
    for (const length of [4999, 5001])
      await expect(
        protectedBytes(message({ attachments: [plain] }), cipher(), {
          protectedParts: new Map([
            [
              plain,
              {
                name: undefined,
                size: 5000,
                async writeTo(sink) {
                  await sink.write(new Uint8Array(length));
                  return length;
                },
              },
            ],
          ]),
        }),
      ).rejects.toMatchObject({ code: 'IO_FAILED' });
  });
});
