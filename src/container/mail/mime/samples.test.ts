import { existsSync, readdirSync, readFileSync } from 'node:fs';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { type ByteSource, memorySource } from '../../../bytes/index.ts';
import { mimeWriter } from './message-writer.ts';
import { written } from './messages.test-support.ts';
import { readMime } from './read.ts';
import { splitMime } from './split.ts';

const folder = '../shared/data/samples/plaintext';
const present = existsSync(folder);
const names = present ? readdirSync(folder).filter((name) => name.endsWith('.eml')) : [];
const load = (name: string): Uint8Array => new Uint8Array(readFileSync(`${folder}/${name}`));
const text = async (source: ByteSource | undefined): Promise<string> =>
  new TextDecoder().decode(await source?.read(0, source.size ?? 0));

describe.skipIf(!present)('real messages', () => {
  it('a picture shown in the HTML text is an attachment of its own', async () => {
    const message = await readMime(memorySource(load('testEML_embedded_xhtml_and_img.eml')));
    expect(message.fields.map(({ name }) => name)).toEqual([
      'Subject',
      'From',
      'To',
      'Date',
      'List-Unsubscribe',
      'Message-ID',
    ]);
    expect(message.body?.native).toBe('html');
    expect(message.body?.codePage).toBe(65001);
    expect(await text(message.body?.plain)).toContain('Using inline content');
    expect(await text(message.body?.html)).toContain('<title>XHTML test document</title>');
    expect(message.attachments.map(({ name, contentType }) => [name, contentType])).toEqual([
      ['testimage.jpeg', 'image/jpeg'],
    ]);
  });

  it('attached texts are files with names and times, beside the text of the message', async () => {
    const message = await readMime(memorySource(load('testRFC822_multipart_attachments.eml')));
    expect(await text(message.body?.plain)).toMatch(/^Hi,\r\n\r\nThis is test email for EML1/);
    expect(message.attachments.map(({ name }) => name)).toEqual(['Test TxtA.txt', 'Test TxtB.txt']);
    expect(message.attachments[0]?.created?.toISOString()).toBe('2022-11-15T15:53:41.000Z');
    const first = message.attachments[0];
    expect(await text(first?.kind === 'file' ? first.content : undefined)).toBe(
      'This is Test TXTA File for parser',
    );
  });

  it.each(names)('%s has the attachments that another reader finds', async (name) => {
    const bytes = load(name);
    const [ours, theirs] = [await readMime(memorySource(bytes)), await PostalMime.parse(bytes)];
    expect(ours.attachments).toHaveLength(theirs.attachments.length);
    for (const [index, attachment] of ours.attachments.entries()) {
      const content = attachment.kind === 'file' ? attachment.content : undefined;
      expect(new Uint8Array((await content?.read(0, content.size ?? 0)) ?? [])).toEqual(
        new Uint8Array(theirs.attachments[index]?.content as ArrayBuffer),
      );
    }
  });

  it.each(names)('%s is written again byte for byte', async (name) => {
    const bytes = load(name);
    const again = await written(await mimeWriter(await readMime(memorySource(bytes))));
    expect(new TextDecoder('latin1').decode(again)).toBe(new TextDecoder('latin1').decode(bytes));
  });

  it.each(names)('the parts of %s lie one behind the other and within each other', async (name) => {
    const bytes = load(name);
    const check = (part: Awaited<ReturnType<typeof splitMime>>): void => {
      expect(part.header.end).toBe(part.body.start);
      let at = part.body.start;
      for (const child of part.children) {
        expect(child.header.start).toBeGreaterThanOrEqual(at);
        check(child);
        at = child.body.end;
      }
      expect(part.body.end).toBeGreaterThanOrEqual(at);
    };
    const root = await splitMime(memorySource(bytes));
    check(root);
    expect([root.header.start, root.body.end]).toEqual([0, bytes.length]);
  });
});
