import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../bytes/index.ts';
import { readCompoundFile } from '../../compound-file/read.ts';
import type { MailMessage } from '../mail-message.ts';
import { bodyText } from './body-properties.ts';
import { readMsg } from './read-message.ts';

const folder = '../shared/data/samples/plaintext';
const present = existsSync(folder);

const read = async (name: string): Promise<MailMessage> =>
  readMsg(await readCompoundFile(memorySource(new Uint8Array(readFileSync(`${folder}/${name}`)))));

const field = (message: MailMessage, name: string): string | undefined =>
  message.fields.find((each) => each.name.toLowerCase() === name.toLowerCase())?.value;

const text = async (message: MailMessage, kind: 'plain' | 'html'): Promise<string> =>
  (message.body && (await bodyText(message.body, kind))) ?? '';

describe.skipIf(!present)('real Outlook items (skipped without ../shared/data)', () => {
  it('are read with the header fields they came with, and text in their code page', async () => {
    const message = await read('test-outlook.msg');
    expect(field(message, 'From')).toContain('msoe@microsoft.com');
    expect(field(message, 'Subject')).toBe('Microsoft Outlook Express 6');
    expect(field(message, 'X-MimeOLE')).toBe('Produced By Microsoft MimeOLE V6.00.2900.3028');
    expect(await text(message, 'plain')).toContain('La réponse à vos attentes en matière de messagerie');
    expect(message.attachments).toEqual([]);
  });

  it('give the HTML that stands in their RTF', async () => {
    const message = await read('test-outlook.msg');
    expect(message.body?.native).toBe('html');
    const html = await text(message, 'html');
    expect(html.trimStart().toLowerCase()).toMatch(/^<!doctype html|^<html/);
    expect(html).toContain('réponse');
    expect(html.trimEnd().toLowerCase().endsWith('</html>')).toBe(true);
    expect(html).not.toContain('htmlrtf');
  });

  it('are read with all fields of their way, in order', async () => {
    const message = await read('testMSG.msg');
    expect(message.fields.filter(({ name }) => name === 'Received')).toHaveLength(9);
    expect(field(message, 'From')).toBe('Jukka Zitting <jukka.zitting@gmail.com>');
    expect(field(message, 'Message-ID')).toBe(
      '<510143ac0901291116s5f368dfby9d6423ce61acc36a@mail.gmail.com>',
    );
    expect(message.body?.native).toBe('plain');
    expect(await text(message, 'plain')).toContain('Otherwise I might end up breaking your application.');
  });

  it('have attachments whose contents are read when asked for', async () => {
    const message = await read('testMSG_att_doc.msg');
    expect(field(message, 'Subject')).toBe('=?utf-8?B?dGVzdCBwacOoY2Ugam9pbnRlIDE=?=');
    expect(field(message, 'From')).toBe('Nicolas1 23456 <nicolas1.23456@free.fr>');
    expect(field(message, 'To')).toContain('<nicolas1.23456@free.fr>');
    expect(field(message, 'Date')).toBe('Wed, 22 Apr 2009 14:36:33 +0000');
    expect(message.attachments.map(({ kind, name }) => [kind, name])).toEqual([
      ['file', 'test-unicode.doc'],
      ['file', 'pj1.txt'],
    ]);
    const [doc, txt] = message.attachments.map((each) => (each.kind === 'file' ? each.content : undefined));
    expect(doc?.size).toBe(24064);
    expect([...((await doc?.read(0, 4)) ?? [])]).toEqual([0xd0, 0xcf, 0x11, 0xe0]);
    expect(new TextDecoder().decode(await txt?.read(0, 100))).toContain('euro : € (20AC)');
    expect(await text(message, 'plain')).toBe('contenu\r\n\r\n');
  });

  it('are kept but for bodies and contents of attachments', async () => {
    for (const name of ['test-outlook.msg', 'testMSG.msg', 'testMSG_att_doc.msg']) {
      const message = await read(name);
      expect(message.original?.form).toBe('msg');
      expect(message.original?.bytes.length).toBeLessThan(30_000);
    }
  });
});
