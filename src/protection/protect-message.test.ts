import { describe, expect, it } from 'vitest';
import { memorySource } from '../bytes/index.ts';
import { cipherMode } from '../cipher/index.ts';
import { mailFormat } from '../container/index.ts';
import { buildPdf, withPage } from '../container/pdf/test/build-pdf.ts';
import { doNotForward } from '../rights/index.ts';
import { inspect, open, openMessage, protect } from './index.ts';
import { alice, bob, insideOf, messageTo } from './mail.test-support.ts';

const policy = doNotForward(['bob@contoso.com']);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
/** A PDF with some data in front of its document information. */
const pdfWith = (information: string): Uint8Array =>
  withPage(buildPdf())
    .stream(5, '', 'scanned '.repeat(40_000))
    .object(7, information)
    .table('/Root 1 0 R/Size 8')
    .end()
    .bytes();
const pdf = pdfWith('<</Title(A report)>>');

describe('protected content that is discarded while it is written', () => {
  it.each([
    ['a message', messageTo([{ type: 'application/pdf', name: 'a.pdf', bytes: pdf }]), 'mail.eml'],
    ['a PDF', pdf, 'a.pdf'],
    ['a file', new Uint8Array(5_000_000), 'a.bin'],
  ])('gives no byte more, as its key is wiped: %s', async (_, bytes, name) => {
    const content = await protect(bytes, { service: alice, policy, name, interop: 'microsoft' });
    let discarded = false;
    const sink = {
      write() {
        expect(discarded).toBe(false);
        discarded = true;
        content.discard();
      },
    };
    await expect(content.writeTo(sink)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(discarded).toBe(true);
  });
});

describe('a message that says that it is protected, and is not', () => {
  const claiming = messageTo([], 'Content-Class: rpmsg.message\r\n');

  it('is protected as any other, and comes back as it was', async () => {
    const bytes = await (await protect(claiming, { service: alice, policy, name: 'mail.eml' })).bytes();
    expect(text(bytes)).not.toContain('Keep it quiet.');
    const opened = await open(bytes, { service: bob });
    expect(text(await opened.bytes())).toBe(text(claiming));
    opened.close();
    await expect(protect(bytes, { service: alice, policy })).rejects.toMatchObject({
      code: 'ALREADY_PROTECTED',
    });
  });

  it('is told to be unprotected, and why it does not open', async () => {
    expect(await inspect(claiming)).toMatchObject({ protected: false, recognisedAs: 'plain' });
    await expect(open(claiming, { service: bob })).rejects.toMatchObject({
      code: 'NOT_PROTECTED',
      message: expect.stringContaining('Nothing of it is encrypted.'),
    });
  });
});

describe('a PDF in a message', () => {
  it('is left to the message if its damage shows while it is written', async () => {
    const attach = (bytes: Uint8Array) => ({ type: 'application/pdf', name: 'a.pdf', bytes });
    const damaged = pdfWith('<</Title(A report)/Pages >] >>');
    const message = messageTo([attach(damaged), attach(pdf)]);
    const options = { service: alice, policy, name: 'mail.eml', interop: 'microsoft' } as const;
    const bytes = await (await protect(message, options)).bytes();
    expect((await insideOf(bytes, bob)).map(({ isProtected }) => isProtected)).toEqual([false, true]);
    const opened = await openMessage(bytes, { service: bob });
    const { source } = opened.attachments[0] ?? {};
    expect(Buffer.compare(damaged, (await source?.read(0, damaged.length)) ?? damaged.subarray(1))).toBe(0);
    opened.close();
  });
});

describe('a message that is closed while one of its attachments is read', () => {
  it('ends whoever writes that, who holds a part of the key', async () => {
    const message = messageTo([{ type: 'text/plain', name: 'note.txt', bytes: 'A note.' }]);
    const bytes = await (await protect(message, { service: alice, policy, name: 'mail.eml' })).bytes();
    const container = await mailFormat.read(memorySource(bytes));
    const { cipherMode: licensed, contentKey: key } = await bob.acquireUseLicense(
      container.publishingLicense,
      {},
    );
    let ended = false;
    const endless = {
      name: 'endless.txt',
      size: 2_000_000,
      async writeTo(sink: { write(bytes: Uint8Array): unknown }): Promise<number> {
        try {
          for (;;) await sink.write(new Uint8Array(1000));
        } finally {
          ended = true;
        }
      },
    };
    const cipher = { mode: cipherMode(container.cipherModeFor(licensed)), key };
    const opened = await container.message(cipher, { openPart: async () => endless });
    const [attachment] = opened.message.attachments;
    if (attachment?.kind === 'file') await attachment.content.read(0, 10);
    expect(ended).toBe(false);
    await opened.close();
    expect(ended).toBe(true);
  });
});
