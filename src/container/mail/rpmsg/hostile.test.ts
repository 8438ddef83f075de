import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, memorySource, sliceSource } from '../../../bytes/index.ts';
import { cipherModeNames, decryptedSource } from '../../../cipher/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { compoundFileSource, layoutCompoundFile } from '../../compound-file/layout.ts';
import type { NewStorage, NewStream } from '../../compound-file/new-compound-file.ts';
import type { MailMessage } from '../mail-message.ts';
import { isRpmsg } from './envelope/block.ts';
import { readRpmsgContent } from './inside/read-content.ts';
import { decryptedRpmsg, readRpmsg } from './read-rpmsg.ts';
import { cipher, message, opened, protectedBytes, textOf, textSource } from './rpmsg.test-support.ts';

const code = (value: string) => expect.objectContaining({ code: value });
const typed = ['MALFORMED_CONTAINER', 'LIMIT_EXCEEDED', 'DECRYPTION_FAILED', 'UNSUPPORTED_VERSION'];

const file = {
  kind: 'file',
  name: 'a.txt',
  contentType: undefined,
  contentId: undefined,
  contentLocation: undefined,
  inline: false,
  created: undefined,
  modified: undefined,
} as const;

const whole = message({
  attachments: [
    { ...file, content: textSource('a file '.repeat(2000)) },
    { ...file, kind: 'message', message: message({ original: { form: 'mime', bytes: new Uint8Array(9) } }) },
  ],
});

/** Everything there is to read of a message. */
async function readAll({ body, attachments }: MailMessage): Promise<void> {
  for (const each of [body?.plain, body?.html, body?.rtf]) await textOf(each);
  for (const each of attachments) {
    if (each.kind === 'file') await textOf(each.content);
    else if (each.kind === 'message') await readAll(each.message);
  }
}

/** Right or refused with an error of ours; gives its code. */
async function outcome(read: () => Promise<unknown>): Promise<string> {
  try {
    await read();
    return 'read';
  } catch (error) {
    if (!(error instanceof SealwrightError)) throw error;
    return error.code;
  }
}

describe('a protected message', () => {
  it('does not open with another key, in any mode', async () => {
    for (const mode of cipherModeNames) {
      const right = cipher(mode);
      const wrong = { ...right, key: right.key.map((byte) => byte ^ 1) };
      await expect(opened(await protectedBytes(whole, right), wrong)).rejects.toThrow(
        code('DECRYPTION_FAILED'),
      );
    }
  });

  it('does not open under another license where the mode is authenticated', async () => {
    const by = cipher('SEALWRIGHT.GCM64K');
    const rpmsg = await readRpmsg(memorySource(await protectedBytes(whole, by)));
    const binding = rpmsg.binding.slice();
    binding[binding.length - 1] = (binding.at(-1) as number) ^ 1;
    const reading = async () => decryptedSource(rpmsg.content, by.mode, by.key, { binding });
    await expect(reading()).rejects.toThrow(code('DECRYPTION_FAILED'));
    await expect(readAll(await readRpmsgContent(await decryptedRpmsg(rpmsg, by)))).resolves.toBeUndefined();
  });

  it('is refused wherever it was cut, before anything of it is given', async () => {
    const bytes = await protectedBytes(whole);
    expect(isRpmsg(bytes)).toBe(true);
    for (let length = 8; length < bytes.length; length += 211)
      await expect(opened(bytes.subarray(0, length))).rejects.toThrow(code('MALFORMED_CONTAINER'));
  });

  it('is read from a source that copies every byte and reuses its memory', async () => {
    const bytes = await protectedBytes(whole);
    const memory = new Uint8Array(2 * bytes.length);
    const reused: ByteSource = {
      size: bytes.length,
      seekable: true,
      async read(offset, length) {
        memory.fill(0xee);
        memory.set(bytes.subarray(offset, offset + length));
        return memory.subarray(0, Math.max(0, Math.min(length, bytes.length - offset)));
      },
      slice: (offset, length) => sliceSource(reused, offset, length),
    };
    const back = await opened(reused);
    const attachment = back.attachments[0];
    expect(await textOf(attachment?.kind === 'file' ? attachment.content : undefined)).toBe(
      'a file '.repeat(2000),
    );
  });

  it('is not read from a stream', async () => {
    const bytes = await protectedBytes(whole);
    const stream: ByteSource = { ...memorySource(bytes), size: undefined, seekable: false };
    await expect(readRpmsg(stream)).rejects.toThrow(code('INVALID_ARGUMENT'));
  });

  it('that was changed anywhere is read or refused with a typed error', async () => {
    const by = cipher('MICROSOFT.ECB');
    const bytes = await protectedBytes(whole, by);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const changed = bytes.slice();
          for (const [at, value] of changes) changed[at] = value;
          const result = await outcome(async () => readAll(await opened(changed, by)));
          expect(['read', 'NOT_PROTECTED', 'UNSUPPORTED_FORMAT', ...typed]).toContain(result);
        },
      ),
      { numRuns: 80 },
    );
  });
});

describe('the content of a protected message', () => {
  const stream = (name: string, content: Uint8Array): NewStream => ({ kind: 'stream', name, content });
  const contentOf = (entries: readonly (NewStorage | NewStream)[]) =>
    readRpmsgContent(compoundFileSource(layoutCompoundFile({ entries })));
  const plain = stream('OutlookBodyStreamInfo', Uint8Array.of(1, 0, 0xe9, 0xfd, 0, 0));
  const list = (entries: readonly (NewStorage | NewStream)[]): NewStorage => ({
    kind: 'storage',
    name: 'Attachment List',
    entries,
  });
  const attached = (number: number | string, description: Uint8Array): NewStorage => ({
    kind: 'storage',
    name: `MailAttachment ${number}`,
    entries: [stream('AttachDesc', description), stream('AttachContents', Uint8Array.of(65))],
  });

  it('is read without a list of attachments, and whatever the list says', async () => {
    const description = Buffer.concat([
      // Version; six texts in a code page, the third of them "n.txt"; times; method; eight texts in Unicode.
      Buffer.from([3, 2, 0, 0, 5]),
      Buffer.from('n.txt'),
      Buffer.from([0, 0, 0]),
      Buffer.alloc(16),
      Buffer.from([1, 0, 0, 0]),
      Buffer.alloc(8),
    ]);
    for (const more of [[], [stream('Attachment Info', Uint8Array.of(1, 2, 3))]]) {
      const storages = [10, 9, 0].map((number) => attached(number, description));
      const { attachments } = await contentOf([plain, list([...storages, ...more])]);
      expect(attachments.map(({ name }) => name)).toEqual(['n.txt', 'n.txt', 'n.txt']);
    }
  });

  it('is damaged without the kind of its body, or with an unknown one', async () => {
    for (const entries of [
      [stream('BodyPT-HTML', Uint8Array.of(65))],
      [stream('OutlookBodyStreamInfo', Uint8Array.of(1))],
      [stream('OutlookBodyStreamInfo', Uint8Array.of(4, 0, 0, 0, 0, 0))],
    ])
      await expect(contentOf(entries)).rejects.toThrow(code('MALFORMED_CONTAINER'));
  });

  it('is damaged where an attachment has no description, or one that ends early', async () => {
    for (const length of [0, 1, 2, 30])
      await expect(contentOf([plain, list([attached(0, new Uint8Array(length).fill(2))])])).rejects.toThrow(
        code('MALFORMED_CONTAINER'),
      );
  });

  it('is damaged where what we kept cannot be read, and passes over what a later version kept', async () => {
    const kept = (facts: string): NewStorage => ({
      kind: 'storage',
      name: 'SealwrightMessage',
      entries: [stream('Facts', new TextEncoder().encode(facts)), stream('Original', new Uint8Array(5))],
    });
    for (const facts of ['', '{', '7', 'null', '['.repeat(100_000)])
      await expect(contentOf([plain, kept(facts)])).rejects.toThrow(code('MALFORMED_CONTAINER'));
    for (const facts of [
      '{"version":2,"form":"mime","madeUp":["body"]}',
      '{"version":1,"form":"other","madeUp":7,"attachments":[7,null,"a"]}',
    ]) {
      const back = await contentOf([plain, kept(facts)]);
      expect(back.body?.native).toBe('plain');
      expect(back.original).toBeUndefined();
    }
  });

  it('is read or refused with a typed error, whatever is changed in it', async () => {
    const by = cipher();
    const rpmsg = await readRpmsg(memorySource(await protectedBytes(whole, by)));
    const source = await decryptedRpmsg(rpmsg, by);
    const bytes = new Uint8Array(await source.read(0, source.size ?? 0));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (changes) => {
          const changed = bytes.slice();
          for (const [at, value] of changes) changed[at] = value;
          const result = await outcome(async () => readAll(await readRpmsgContent(memorySource(changed))));
          expect(['read', ...typed]).toContain(result);
        },
      ),
      { numRuns: 100 },
    );
  });
});
