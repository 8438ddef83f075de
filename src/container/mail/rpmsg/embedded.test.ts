import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../bytes/index.ts';
import { readCompoundFile } from '../../compound-file/read.ts';
import type { MailAttachment, MailMessage } from '../mail-message.ts';
import { readMsg } from '../msg/index.ts';
import { cipher, message, opened, protectedBytes, textOf, textSource } from './rpmsg.test-support.ts';

const facts = {
  contentType: 'message/rfc822',
  contentId: undefined,
  contentLocation: undefined,
  inline: false,
  created: undefined,
  modified: undefined,
};

const within = (name: string, inner: MailMessage): MailAttachment => ({
  ...facts,
  kind: 'message',
  name,
  message: inner,
});

function innerOf(outer: MailMessage, number = 0): MailMessage {
  const attachment = outer.attachments[number];
  if (attachment?.kind !== 'message') throw new Error('no message within');
  return attachment.message;
}

const original = (text: string) => ({ form: 'mime', bytes: new TextEncoder().encode(text) }) as const;

describe('a message within a protected message', () => {
  const innermost = message({
    fields: [{ name: 'Subject', value: 'The innermost' }],
    body: { native: 'html', codePage: 65001, html: textSource('<p>inside</p>'), plain: textSource('inside') },
    original: original('structure of the innermost'),
  });
  const inner = message({
    fields: [
      { name: 'From', value: 'Alice <alice@contoso.com>' },
      { name: 'Subject', value: 'FW: plans' },
    ],
    attachments: [within('The innermost', innermost)],
    original: original('structure of the inner'),
  });

  it('keeps a text in a code page that Unicode cannot be turned back into, also beside HTML', async () => {
    const bytes = Uint8Array.of(0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c, 0x1b, 0x28, 0x42);
    for (const html of [undefined, textSource('<p>plain</p>')]) {
      const body = { native: 'plain', codePage: 50220, plain: memorySource(bytes), html } as const;
      const attachments = [within('ISO-2022-JP', message({ body, original: original('structure') }))];
      const back = innerOf(await opened(await protectedBytes(message({ attachments }))));
      expect(back.body?.codePage).toBe(50220);
      expect(new Uint8Array((await back.body?.plain?.read(0, 100)) ?? [])).toEqual(bytes);
    }
  });

  it('comes back with its fields, bodies, attachments and the structure of each', async () => {
    const attachments: MailAttachment[] = [
      { ...facts, contentType: 'text/plain', kind: 'file', name: 'a.txt', content: textSource('a file') },
      within('FW: plans', inner),
    ];
    const back = await opened(await protectedBytes(message({ attachments, original: original('outer') })));
    expect(back.attachments.map(({ kind, name }) => [kind, name])).toEqual([
      ['file', 'a.txt'],
      ['message', 'FW: plans'],
    ]);
    const first = innerOf(back, 1);
    const second = innerOf(first);
    expect(back.original).toEqual(original('outer'));
    expect(first.original).toEqual(inner.original);
    expect(second.original).toEqual(innermost.original);
    expect(first.fields.find(({ name }) => name === 'Subject')?.value).toBe('FW: plans');
    expect(await textOf(first.body?.plain)).toBe('Good morning, <you> & all.\r\n');
    expect(await textOf(second.body?.html)).toBe('<p>inside</p>');
  });

  it('is read by others, and by us, without what only we keep', async () => {
    const bytes = await protectedBytes(message({ attachments: [within('FW: plans', inner)] }), cipher(), {
      supplement: false,
    });
    const first = innerOf(await opened(bytes));
    expect(first.original?.form).toBe('msg');
    expect(await textOf(innerOf(first).body?.html)).toBe('<p>inside</p>');
  });

  const samples = '../shared/data/samples/plaintext';
  for (const name of ['test-outlook.msg', 'testMSG.msg', 'testMSG_att_doc.msg'])
    it.skipIf(!existsSync(`${samples}/${name}`))(
      `may be a real Outlook item: ${name} (skipped without ../shared/data)`,
      async () => {
        const item = await readMsg(await readCompoundFile(memorySource(readFileSync(`${samples}/${name}`))));
        const back = innerOf(
          await opened(await protectedBytes(message({ attachments: [within('item', item)] }))),
        );
        expect(back.fields).toEqual(item.fields);
        expect(back.original?.form).toBe('msg');
        expect(back.original?.bytes.length).toBe(item.original?.bytes.length);
        expect(back.attachments.map((each) => each.name)).toEqual(item.attachments.map((each) => each.name));
        expect(await textOf(back.body?.plain)).toBe(await textOf(item.body?.plain));
      },
    );
});
