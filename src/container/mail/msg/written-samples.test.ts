import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../bytes/index.ts';
import { findProtectedPart, msgEntries, protectedMsgEntries, readMsg, restoredMsgEntries } from './index.ts';
import { bytesOf, fileOf, streamsOf, written } from './messages.test-support.ts';

const folder = '../shared/data/samples/plaintext';
const samples = ['test-outlook.msg', 'testMSG.msg', 'testMSG_att_doc.msg'];
const load = (name: string) => fileOf(new Uint8Array(readFileSync(`${folder}/${name}`)));
const rpmsg = memorySource(new Uint8Array(5000).fill(7));
const stub = { plain: 'Protected', html: '<p>Protected</p>' };

describe.skipIf(!existsSync(folder))('real Outlook items (skipped without ../shared/data)', () => {
  it.each(samples)('%s is written again with every stream it had, byte by byte', async (name) => {
    const file = await load(name);
    const again = await written(await msgEntries(await readMsg(file)));
    expect(await streamsOf(again)).toEqual(await streamsOf(file));
    expect(again.root.classId).toEqual(file.root.classId);
  });

  it.each(samples)('%s is as it was after it was protected and opened', async (name) => {
    const file = await load(name);
    const message = await readMsg(file);
    const outer = await written(await protectedMsgEntries(message, { stub, rpmsg }));
    const part = await findProtectedPart(outer);
    expect(part?.name).toBe('message.rpmsg');
    expect(new Uint8Array((await part?.source.read(0, 9000)) ?? [])).toEqual(new Uint8Array(5000).fill(7));
    const restored = await written(await restoredMsgEntries(outer, message));
    expect(await streamsOf(restored)).toEqual(await streamsOf(file));
  });

  it('show none of their content in the clear once they are protected', async () => {
    const known: Readonly<Record<string, readonly string[]>> = {
      'test-outlook.msg': ['attentes', 'ATTENTES', 'LZFu'],
      'testMSG.msg': ['discussed', 'LZFu'],
      'testMSG_att_doc.msg': ['contenu', 'test-unicode', 'chinois', 'LZFu'],
    };
    for (const [name, texts] of Object.entries(known)) {
      const message = await readMsg(await load(name));
      const clear = Buffer.from(await bytesOf(await protectedMsgEntries(message, { stub, rpmsg })));
      for (const each of texts) {
        expect(clear.includes(each, 'latin1'), each).toBe(false);
        expect(clear.includes(each, 'utf16le'), each).toBe(false);
      }
    }
  });

  it('are readable as the protected messages they are, subject and people in Unicode', async () => {
    const message = await readMsg(await load('test-outlook.msg'));
    const outer = await readMsg(await written(await protectedMsgEntries(message, { stub, rpmsg })));
    expect(outer.fields.filter(({ name }) => name.toLowerCase() !== 'content-class')).toEqual(message.fields);
    expect(outer.attachments.map(({ name, contentType }) => [name, contentType])).toEqual([
      ['message.rpmsg', 'application/x-microsoft-rpmsg-message'],
    ]);
    const streams = Object.keys(
      await streamsOf(await written(await protectedMsgEntries(message, { stub, rpmsg }))),
    );
    expect(streams.filter((name) => name.endsWith('001E'))).toEqual([]);
  });
});
