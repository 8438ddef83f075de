import { describe, expect, it } from 'vitest';
import { doNotForward, encryptOnly } from '../rights/index.ts';
import { inspect, openMessage, protect } from './index.ts';
import { alice, bob, mallory, messageTo } from './mail.test-support.ts';
import { quotedText, textOfHtml } from './quoted-text.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const original = messageTo([], 'Cc: carol@contoso.com, Bob <bob@contoso.com>\r\n');
const protectedWith = async (policy: ReturnType<typeof doNotForward>): Promise<Uint8Array> =>
  (await protect(original, { service: alice, policy, name: 'mail.eml' })).bytes();
const draft = { from: 'bob@contoso.com', text: 'Thank you.' };

describe('answering a protected message', () => {
  it('answers its sender without a word of a text that may not be copied', async () => {
    const message = await openMessage(await protectedWith(doNotForward(['bob@contoso.com'])), {
      service: bob,
    });
    const reply = text(await (await message.reply(draft)).bytes());
    expect(reply).toMatch(/^From: bob@contoso\.com\r\nTo: alice@contoso\.com\r\nSubject: =\?utf-8\?B\?/);
    expect(reply).toContain('In-Reply-To: <1@contoso.com>\r\nReferences: <1@contoso.com>\r\n');
    expect(reply).toContain('Thank you.');
    expect(reply).toContain('is not quoted');
    expect(reply).not.toContain('Revenue');
    message.close();
  });

  it('quotes a text that may be copied', async () => {
    const message = await openMessage(await protectedWith(encryptOnly(['bob@contoso.com'])), {
      service: bob,
    });
    const written = await message.reply(draft);
    const reread = await openedText(await written.bytes());
    expect(reread).toContain('> Revenue is up: 12 €.\r\n> Keep it quiet.');
    message.close();
  });

  it('answers everybody but oneself', async () => {
    const message = await openMessage(await protectedWith(doNotForward(['bob@contoso.com'])), {
      service: bob,
    });
    const reply = text(await (await message.replyAll(draft)).bytes());
    expect(reply).toContain('To: alice@contoso.com\r\nCc: carol@contoso.com\r\n');
    message.close();
  });

  it('says that the message is at fault where it names somebody by what is no address', async () => {
    const input = messageTo([], 'Cc: a@exa\u0001mple.com\r\n');
    const file = await protect(input, {
      service: alice,
      policy: encryptOnly(['bob@contoso.com']),
      name: 'a.eml',
    });
    const message = await openMessage(await file.bytes(), { service: bob });
    await expect(message.replyAll(draft)).rejects.toMatchObject({ code: 'MALFORMED_CONTAINER' });
    await expect(message.replyAll({ ...draft, to: ['carol@contoso.com'], cc: [] })).resolves.toBeDefined();
    message.close();
  });

  it('refuses to forward what may not be forwarded, and answers that are not granted', async () => {
    const message = await openMessage(await protectedWith(doNotForward(['bob@contoso.com'])), {
      service: bob,
    });
    const denied = { code: 'ACCESS_DENIED', details: { right: 'FORWARD' } };
    await expect(message.forward({ ...draft, to: ['eve@contoso.com'] })).rejects.toMatchObject(denied);
    message.close();
    const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] };
    const viewed = await openMessage(await protectedWith(policy), { service: bob });
    expect(viewed).toMatchObject({ mayReply: false, mayReplyAll: false });
    await expect(viewed.reply(draft)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(viewed.replyAll(draft)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    viewed.close();
  });

  it('forwards the protected message as it is: it opens for whom it opened before', async () => {
    const message = await openMessage(await protectedWith(encryptOnly(['bob@contoso.com'])), {
      service: bob,
    });
    const forwarded = await (await message.forward({ ...draft, to: ['eve@contoso.com'] })).bytes();
    message.close();
    expect(text(forwarded)).not.toContain('Revenue');
    expect(await inspect(forwarded)).toMatchObject({ protected: false });
    const policy = doNotForward(['bob@contoso.com', 'mallory@example.net']);
    const again = await (await protect(forwarded, { service: bob, policy, name: 'fw.eml' })).bytes();

    const outer = await openMessage(again, { service: bob });
    expect(outer.attachments).toMatchObject([{ isProtected: true }]);
    const inner = await outer.attachments[0]?.open();
    expect(inner?.rights).toContain('FORWARD');
    expect(await inner?.text()).toContain('Keep it quiet.');
    inner?.close();
    outer.close();

    const strangers = await openMessage(again, { service: mallory });
    await expect(strangers.attachments[0]?.open()).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    strangers.close();
  });

  it('refuses addresses that would write other header fields', async () => {
    const message = await openMessage(await protectedWith(doNotForward(['bob@contoso.com'])), {
      service: bob,
    });
    const to = ['eve@contoso.com\r\nBcc: mallory@example.net'];
    await expect(message.reply({ ...draft, to })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    message.close();
  });
});

async function openedText(bytes: Uint8Array): Promise<string | undefined> {
  const policy = doNotForward(['bob@contoso.com']);
  const message = await openMessage(
    await (await protect(bytes, { service: alice, policy, name: 'a.eml' })).bytes(),
    { service: alice },
  );
  const found = await message.text();
  message.close();
  return found;
}

describe('quoting', () => {
  it('marks each line and names the author', () => {
    expect(quotedText('a\r\n\r\n> b\r\n', 'Alice', 'Monday')).toBe(
      'Alice wrote on Monday:\r\n> a\r\n>\r\n>> b',
    );
  });

  it('takes the text out of HTML, and nothing that nobody sees', () => {
    const html =
      '<html><head><style>p{}</style></head><body><script>x<y</script><p>One &amp; <b>two</b><br>three</p><!-- no --><div>&#8364;&nbsp;5 &lt;tag&gt;</div></body></html>';
    expect(textOfHtml(html)).toBe('One & two\r\nthree\r\n€ 5 <tag>');
    expect(textOfHtml('<style>never closed')).toBe('');
  });
});
