import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf16le, encodeUtf8, encodeUtf16le } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { CompoundStream } from '../../compound-file/compound-file.ts';
import type { NewStorage, NewStream } from '../../compound-file/new-compound-file.ts';
import { msgEntries, readMsg, restoredMsgEntries } from './index.ts';
import {
  attachment,
  bytesOf,
  field,
  fileOf,
  message,
  noFacts,
  text,
  written,
} from './messages.test-support.ts';
import { serializePropertyList } from './property-stream.ts';
import { streamName } from './property-tags.ts';

type Value = readonly [id: number, type: number, value: number | Uint8Array];

/** A file of one message with these properties, as old programs write it. */
function item(values: readonly Value[], header = 32, more: readonly NewStorage[] = []) {
  const entries = values.map(([id, type, value]) => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setUint32(0, typeof value === 'number' ? value : value.length + 1, true);
    return { id, type, flags: 6, value: bytes };
  });
  const streams = values.flatMap(([id, type, content]): NewStream[] =>
    typeof content === 'number' ? [] : [{ kind: 'stream', name: streamName(id, type), content }],
  );
  const list = serializePropertyList(new Uint8Array(header), entries);
  return written({
    entries: [{ kind: 'stream', name: '__properties_version1.0', content: list }, ...streams, ...more],
  });
}

const shiftJis = Uint8Array.of(0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea);

describe('an Outlook item whose texts are not Unicode', () => {
  it('is read in the code page that it states, Shift-JIS among them', async () => {
    const found = await readMsg(
      await item([
        [0x3ffd, 3, 932],
        [0x0037, 0x1e, Uint8Array.of(...shiftJis, 0)],
        [0x1000, 0x1e, shiftJis],
      ]),
    );
    expect(field(found, 'Subject')).toBe('=?utf-8?B?5pel5pys6Kqe?=');
    expect(await text(found, 'plain')).toBe('日本語');
    expect(found.body?.codePage).toBe(932);
  });

  it('is read as Western European if it states none', async () => {
    const found = await readMsg(await item([[0x1000, 0x1e, Uint8Array.of(0x80, 0x84, 0xe9)]]));
    expect(await text(found, 'plain')).toBe('€„é');
  });

  it('may have HTML in a code page of its own, which is left as it is', async () => {
    const html = Uint8Array.of(...encodeUtf8('<p>'), ...shiftJis);
    const found = await readMsg(
      await item([
        [0x3ffd, 3, 1252],
        [0x3fde, 3, 932],
        [0x1013, 0x102, html],
        [0x1000, 0x1f, encodeUtf16le('日本語 💥')],
      ]),
    );
    expect(found.body?.native).toBe('html');
    expect(await text(found, 'html')).toBe('<p>日本語');
    // What cannot be said in the code page of the body is left out; it is a rendering of the HTML.
    expect(found.body?.plain).toBeUndefined();
    const again = await readMsg(await written(await msgEntries(found)));
    expect(again.original?.bytes).toEqual(found.original?.bytes);
  });

  it('keeps half a character as it is', async () => {
    const found = await readMsg(await item([[0x1000, 0x1f, Uint8Array.of(0x3d, 0xd8, 0x41, 0)]]));
    const again = await written(await msgEntries(found));
    const stream = again.find('__substg1.0_1000001F');
    expect(stream?.kind === 'stream' && (await again.read(stream, 10))).toEqual(
      Uint8Array.of(0x3d, 0xd8, 0x41, 0),
    );
  });
});

describe('a damaged Outlook item', () => {
  it('without a list of properties, or with one that ends early, is refused', async () => {
    const empty = await written({ entries: [{ kind: 'stream', name: 'x', content: encodeUtf8('x') }] });
    await expect(readMsg(empty)).rejects.toMatchObject({ code: 'MALFORMED_CONTAINER' });
    await expect(readMsg(await item([], 20))).rejects.toMatchObject({ code: 'MALFORMED_CONTAINER' });
  });

  it('is read where properties have no values, or the same twice', async () => {
    const found = await readMsg(
      await item([
        [0x0037, 0x1f, 4000],
        [0x1013, 0x102, 4000],
        [0x1009, 0x102, encodeUtf8('neither')],
        [0x1000, 0x1f, encodeUtf16le('Text')],
      ]),
    );
    expect(found.fields).toEqual([]);
    expect(await text(found, 'plain')).toBe('Text');
  });

  it('is written with one property of each name where two of its numbers have the same name', async () => {
    const entry = [5, 0, 0, 0, 2, 0];
    const names: NewStorage = {
      kind: 'storage',
      name: '__nameid_version1.0',
      entries: [
        {
          kind: 'stream',
          name: streamName(0x0003, 0x102),
          content: Uint8Array.of(...entry, 0, 0, ...entry, 1, 0),
        },
      ],
    };
    const values = [0x8000, 0x8001].map((id): Value => [id, 0x1f, encodeUtf16le(`of ${id}`)]);
    const found = await readMsg(await item(values, 32, [names]));
    const again = await written(await msgEntries(found));
    const streams = again.root.entries.filter(({ name }) => /^__substg1\.0_800/.test(name));
    expect(streams).toHaveLength(1);
    expect(decodeUtf16le(await again.read(streams[0] as CompoundStream, 100))).toBe('of 32768');
  });

  it('has names that are refused where they contradict themselves', async () => {
    const names = (stream: string, content: Uint8Array) =>
      written({
        entries: [
          { kind: 'stream', name: '__properties_version1.0', content: new Uint8Array(32) },
          {
            kind: 'storage',
            name: '__nameid_version1.0',
            entries: [{ kind: 'stream', name: stream, content }],
          },
        ],
      });
    for (const entry of [
      [0, 0, 0, 0, 7, 0, 0, 0],
      [9, 9, 9, 9, 5, 0, 0, 0],
    ])
      await expect(
        readMsg(await names('__substg1.0_00030102', Uint8Array.from(entry))),
      ).rejects.toMatchObject({
        code: 'MALFORMED_CONTAINER',
      });
    await expect(
      readMsg(await names('__substg1.0_00030102', new Uint8Array(400_000).fill(2))),
    ).rejects.toBeInstanceOf(SealwrightError);
  });

  it('of very many properties is read and restored in one go, and refused where they are too many', async () => {
    const content = new Uint8Array(8 + 65_000 * 16);
    const view = new DataView(content.buffer);
    for (let id = 0; id < 65_000; id++) view.setUint32(8 + id * 16, id * 0x10000 + 3, true);
    const recipient = (number: number): NewStorage => ({
      kind: 'storage',
      name: `__recip_version1.0_#0000000${number}`,
      entries: [{ kind: 'stream', name: '__properties_version1.0', content }],
    });
    const many = await item(Array.from({ length: 8000 }, (_, id): Value => [id, 3, 0]));
    const root = await restoredMsgEntries(many, await readMsg(many));
    expect(root.entries.length).toBe(2);
    await expect(readMsg(await item([], 32, [0, 1, 2, 3, 4, 5, 6, 7].map(recipient)))).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });

  it('cannot begin a header field of its own in a new item', async () => {
    const fields = [
      { name: 'Subject', value: 'x\rBcc: a@example.com\r\nCc: b@example.com\n\n\tfold' },
      { name: 'X-Twice', value: '=?utf-8?Q?a=0D=0ABcc:_c@example.com?=' },
    ];
    const again = await readMsg(
      await written(await msgEntries({ fields, body: undefined, attachments: [] })),
    );
    expect(again.fields.map(({ name }) => name)).toEqual(['Subject', 'X-Twice']);
  });

  it('of any kind gives a typed error or a message that can be written', async () => {
    const whole = await bytesOf(
      await msgEntries(
        message({ Subject: 'Grüße', msip_labels: 'a=b', To: 'a@example.com' }, { html: '<p>Text</p>' }, [
          attachment('a.txt', 'Content'),
          { ...noFacts, kind: 'message', message: message({ Subject: 'Inner' }, { plain: 'Inner' }) },
        ]),
      ),
    );
    const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
        const bytes = whole.slice();
        for (const { at, byte } of changes) bytes[at] = byte;
        try {
          await bytesOf(await msgEntries(await readMsg(await fileOf(bytes))));
        } catch (error) {
          expect(error).toBeInstanceOf(SealwrightError);
        }
      }),
      { numRuns: 60 },
    );
  });
});
