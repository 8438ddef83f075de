import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../bytes/index.ts';
import type { MailMessage } from '../mail-message.ts';
import { mimeWriter } from './message-writer.ts';
import { byteByByte, hasPython, pythonParts, testMessages, written } from './messages.test-support.ts';
import { readMime } from './read.ts';

const again = async (bytes: Uint8Array): Promise<Uint8Array> =>
  written(await mimeWriter(await readMime(memorySource(bytes))));

/** Without what only MIME knows, as a message that was no MIME before. */
const withoutOriginal = (message: MailMessage): MailMessage => ({
  fields: message.fields,
  body: message.body,
  attachments: message.attachments.map((each) =>
    each.kind === 'message' ? { ...each, message: withoutOriginal(each.message) } : each,
  ),
});

const decoder = new TextDecoder('latin1');

describe('a message read and written again', () => {
  it.each(testMessages)('is the same, byte for byte: %s', async (_, bytes) => {
    expect(decoder.decode(await again(bytes))).toBe(decoder.decode(bytes));
  });

  it.each(testMessages)('does not depend on how its bytes come: %s', async (_, bytes) => {
    const message = await readMime(byteByByte(bytes));
    expect(decoder.decode(await written(await mimeWriter(message)))).toBe(decoder.decode(bytes));
  });

  it.skipIf(!hasPython)('in a new structure has the same parts for Python', async () => {
    const fresh = await Promise.all(
      testMessages.map(async ([, bytes]) =>
        written(await mimeWriter(withoutOriginal(await readMime(memorySource(bytes))))),
      ),
    );
    const before = pythonParts(testMessages.map(([, bytes]) => bytes));
    const after = pythonParts(fresh);
    for (const [index, [name]] of testMessages.entries()) {
      if (/signed|without its boundary|report|in base64/.test(name)) continue;
      const contents = (parts: (typeof before)[number]): unknown[] =>
        parts.flatMap(({ content, name: file, contentId }) =>
          content === null ? [] : [[content, file, contentId]],
        );
      expect(contents(after[index] ?? []), name).toEqual(contents(before[index] ?? []));
    }
  });

  it('in a new structure has the same texts and attachments for postal-mime', async () => {
    for (const [name, bytes] of testMessages) {
      // It joins a second text, and a message within that is not said to be an attachment, to the text; ours always are.
      if (/message within|line feeds|different|signed|without its boundary|report|in base64/.test(name))
        continue;
      const fresh = await written(await mimeWriter(withoutOriginal(await readMime(memorySource(bytes)))));
      const [one, other] = [await PostalMime.parse(bytes), await PostalMime.parse(fresh)];
      expect(other.subject, name).toBe(one.subject);
      expect([other.from, other.to, other.cc], name).toEqual([one.from, one.to, one.cc]);
      expect(other.attachments, name).toEqual(
        one.attachments.map((each, index) => ({
          ...each,
          disposition: other.attachments[index]?.disposition,
        })),
      );
    }
  });
});
