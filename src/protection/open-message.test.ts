import { describe, expect, it } from 'vitest';
import { type CryptoBackend, nodeBackend } from '../cipher/index.ts';
import { buildPdf, withPage } from '../container/pdf/test/build-pdf.ts';
import { doNotForward, encryptOnly } from '../rights/index.ts';
import { openMessage, protect } from './index.ts';
import { alice, bob, messageTo } from './mail.test-support.ts';

const hello = new TextEncoder().encode('Hello');
const idea =
  'From: carol@contoso.com\r\nTo: alice@contoso.com\r\nSubject: Idea\r\nMIME-Version: 1.0\r\n' +
  'Content-Type: multipart/mixed; boundary="inner"\r\n\r\n--inner\r\nContent-Type: text/plain\r\n\r\nLater.\r\n' +
  '--inner\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename="a.html"\r\n\r\n<p>\r\n--inner--\r\n';
const original = messageTo([
  { type: 'text/plain', name: 'note.txt', bytes: hello },
  { type: 'message/rfc822', bytes: idea },
]);
const validUntil = new Date('2040-01-01T00:00:00Z');
const expired = { code: 'ACCESS_DENIED', details: { rule: 'expired' } };
const closed = { code: 'INVALID_ARGUMENT' };

async function openedByBob() {
  const clock = { now: new Date('2039-12-31T00:00:00Z') };
  const policy = encryptOnly(['bob@contoso.com'], { validUntil });
  const bytes = await (await protect(original, { service: alice, policy, name: 'mail.eml' })).bytes();
  const message = await openMessage(bytes, { service: bob, now: () => clock.now });
  const [note, attached] = message.attachments;
  const deeper = attached?.message?.attachments[0];
  const draft = { from: 'bob@contoso.com', to: ['eve@contoso.com'], text: 'Hi' };
  const answer = await message.reply(draft);
  const whole = await message.source();
  /** Everything that gives something of the content out. */
  const ways: Readonly<Record<string, () => unknown>> = {
    text: () => message.text(),
    attachment: () => note?.source?.read(0, 5),
    'slice of an attachment': () => note?.source?.slice(1).read(0, 2),
    'text of an attached message': () => attached?.message?.text(),
    'attachment of an attached message': () => deeper?.source?.read(0, 3),
    'as MIME': () => message.toEml().bytes(),
    'as an Outlook item': () => message.toMsg().bytes(),
    'as a stream': () => new Response(message.toEml().stream()).arrayBuffer(),
    whole: () => message.bytes(),
    'by random access': () => whole.read(0, 5),
    reply: () => message.reply(draft),
    'reply to all': () => message.replyAll(draft),
    forward: () => message.forward(draft),
  };
  return { clock, message, ways, answer };
}

describe('an opened message', () => {
  it('gives out everything until it expires for its recipient, and nothing from then on', async () => {
    const { clock, message, ways } = await openedByBob();
    for (const give of Object.values(ways)) await give();
    clock.now = validUntil;
    for (const [name, give] of Object.entries(ways))
      await expect((async () => give())(), name).rejects.toMatchObject(expired);
    message.close();
  });

  it('stops in the middle of being written when it expires', async () => {
    const { clock, message } = await openedByBob();
    let pieces = 0;
    const sink = {
      write() {
        pieces++;
        clock.now = validUntil;
      },
    };
    await expect(message.toEml().writeTo(sink)).rejects.toMatchObject(expired);
    expect(pieces).toBe(1);
    message.close();
  });

  it('gives out nothing once it is closed, but what it said of itself and answers that were made', async () => {
    const { message, ways, answer } = await openedByBob();
    message.close();
    for (const [name, give] of Object.entries(ways))
      await expect((async () => give())(), name).rejects.toMatchObject(closed);
    expect(message).toMatchObject({ subject: 'Third quarter ✓', mayForward: true });
    expect(new TextDecoder().decode(await answer.bytes())).toContain('In-Reply-To: <1@contoso.com>');
  });

  it('never expires for its sender', async () => {
    const policy = doNotForward(['bob@contoso.com'], { validUntil });
    const bytes = await (await protect(original, { service: alice, policy, name: 'mail.eml' })).bytes();
    const message = await openMessage(bytes, { service: alice, now: () => validUntil });
    expect(await message.text()).toContain('Keep it quiet.');
    expect(message.contentValidUntil).toBeUndefined();
    message.close();
  });
});

/** A back-end that tells how many bytes it decrypted. */
function counting(): { readonly backend: CryptoBackend; readonly decrypted: () => number } {
  let decrypted = 0;
  const backend: CryptoBackend = {
    ...nodeBackend,
    async importKey(key) {
      const aes = await nodeBackend.importKey(key);
      return {
        ecbEncrypt: (...given) => aes.ecbEncrypt(...given),
        ecbDecrypt: (...given) => aes.ecbDecrypt(...given),
        cbcEncrypt: (...given) => aes.cbcEncrypt(...given),
        gcmEncrypt: (...given) => aes.gcmEncrypt(...given),
        gcmDecrypt: (...given) => aes.gcmDecrypt(...given),
        wipe: () => aes.wipe(),
        cbcDecrypt(input, ...given) {
          decrypted += input.length;
          return aes.cbcDecrypt(input, ...given);
        },
      };
    },
  };
  return { backend, decrypted: () => decrypted };
}

describe('a PDF under the license of the message', () => {
  it('is decrypted once to know its size, and not searched to tell what it is', async () => {
    const pdf = withPage(buildPdf())
      .stream(5, '', 'scanned '.repeat(200_000))
      .table('/Root 1 0 R')
      .end()
      .bytes();
    const message = messageTo([{ type: 'application/pdf', name: 'a.pdf', bytes: pdf }]);
    const policy = doNotForward(['bob@contoso.com']);
    const settings = { service: alice, policy, name: 'mail.eml', interop: 'microsoft' } as const;
    const bytes = await (await protect(message, settings)).bytes();
    const { backend, decrypted } = counting();
    const opened = await openMessage(bytes, { service: bob, backend });
    // It lies in the content of the message, so each pass decrypts twice.
    expect(decrypted()).toBeLessThan(5 * pdf.length);
    const [attached] = opened.attachments;
    expect(attached?.isProtected).toBe(false);
    expect(attached?.size).toBeGreaterThan(1_600_000);
    opened.close();
  });
});
