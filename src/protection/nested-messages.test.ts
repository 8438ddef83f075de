import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../bytes/index.ts';
import { doNotForward } from '../rights/index.ts';
import { open, openMessage, protect } from './index.ts';
import { alice, bob, insideOf, mallory, messageTo } from './mail.test-support.ts';
import type { OpenedAttachment, OpenedMessage } from './opened-message.ts';

const policy = doNotForward(['bob@contoso.com']);
const protectedOf = async (bytes: Uint8Array, to = policy): Promise<Uint8Array> =>
  (await protect(bytes, { service: alice, policy: to, name: 'mail.eml' })).bytes();
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
/** The `message.rpmsg` of a protected message. */
const rpmsgOf = (bytes: Uint8Array): Uint8Array => {
  const base64 = /name="message\.rpmsg"[\s\S]*?\r\n\r\n([\s\S]*?)\r\n--/.exec(text(bytes))?.[1];
  return new Uint8Array(Buffer.from(base64 ?? '', 'base64'));
};
/** How a protected message can be attached. */
const ways = {
  'as a message': (inner: Uint8Array) => ({ type: 'message/rfc822', bytes: text(inner) }),
  'as a file': (inner: Uint8Array) => ({ type: 'application/octet-stream', name: 'a.eml', bytes: inner }),
  'as its message.rpmsg': (inner: Uint8Array) => ({
    type: 'application/octet-stream',
    name: 'message.rpmsg',
    bytes: rpmsgOf(inner),
  }),
};

describe.each(Object.entries(ways))('a protected message that is attached %s', (_, attached) => {
  it('stays as it is when the message around it is protected and opened', async () => {
    const inner = await protectedOf(messageTo([]));
    const around = messageTo([attached(inner)]);
    const opened = await open(await protectedOf(around), { service: bob });
    expect(text(await opened.bytes())).toBe(text(around));
    opened.close();
  });

  it('opens three deep, each by its own license', async () => {
    let bytes = await protectedOf(messageTo([]));
    for (let around = 0; around < 2; around++) bytes = await protectedOf(messageTo([attached(bytes)]));
    const outer = await openMessage(bytes, { service: bob });
    const middle = (await outer.attachments[0]?.open()) as OpenedMessage;
    const inner = (await middle.attachments[0]?.open()) as OpenedMessage;
    expect(await inner.text()).toContain('Keep it quiet.');
    expect(new Set([outer, middle, inner].map(({ contentId }) => contentId)).size).toBe(3);
    for (const each of [inner, middle, outer]) each.close();
  });

  it('opens for nobody who may open only the message around it', async () => {
    const inner = await protectedOf(messageTo([]));
    const both = doNotForward(['bob@contoso.com', 'mallory@example.net']);
    const message = await openMessage(await protectedOf(messageTo([attached(inner)]), both), {
      service: mallory,
    });
    const [nested] = message.attachments;
    await expect(nested?.open()).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect(await message.text()).toContain('Keep it quiet.');
    message.close();
  });
});

describe('messages within a protected message', () => {
  it('are opened to ten within each other; what lies deeper says so, and stays as it is', async () => {
    let bytes = await protectedOf(encodeUtf8('From: alice@contoso.com\r\nSubject: 11\r\n\r\nDeepest.'));
    for (let number = 10; number > 0; number--)
      bytes = await protectedOf(messageTo([ways['as its message.rpmsg'](bytes)]));
    const opened: OpenedMessage[] = [await openMessage(bytes, { service: bob })];
    const next = (): OpenedAttachment => opened.at(-1)?.attachments[0] as OpenedAttachment;
    for (let depth = 2; depth <= 10; depth++) {
      expect(next().isProtected).toBe(true);
      opened.push(await next().open());
    }
    expect(new Set(opened.map(({ contentId }) => contentId)).size).toBe(10);
    const refused = {
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('More than 10 protected messages'),
    };
    await expect(next().open()).rejects.toMatchObject(refused);
    // What cannot be opened from here is there to be opened by itself.
    const { source } = next();
    const last = await source?.read(0, source.size ?? 0);
    const deepest = await openMessage(new Uint8Array(last ?? []), { service: bob });
    expect(await deepest.text()).toBe('Deepest.');
    deepest.close();
    for (const each of opened) each.close();
  });

  it('are found in a message that is attached and not protected itself', async () => {
    const inner = await protectedOf(messageTo([]));
    const between = messageTo([ways['as a file'](inner)]);
    const message = await openMessage(
      await protectedOf(messageTo([{ type: 'message/rfc822', bytes: text(between) }])),
      { service: bob },
    );
    const [attached] = message.attachments;
    expect(attached?.isProtected).toBe(false);
    await expect(attached?.open()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const nested = await attached?.message?.attachments[0]?.open();
    expect(await nested?.text()).toContain('Keep it quiet.');
    nested?.close();
    message.close();
  });

  it('in files are protected to ten within each other, and those deeper down with them', async () => {
    let inner = encodeUtf8('From: alice@contoso.com\r\nTo: bob@contoso.com\r\nSubject: x\r\n\r\nDeepest.');
    for (let depth = 0; depth < 12; depth++)
      inner = encodeUtf8(
        `From: alice@contoso.com\r\nTo: bob@contoso.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b${depth}"\r\n\r\n` +
          `--b${depth}\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="a.eml"\r\n\r\n${text(inner)}\r\n--b${depth}--\r\n`,
      );
    const bytes = await protectedOf(inner);
    let [at] = await insideOf(bytes, bob);
    let protectedFiles = 0;
    while (at?.isProtected) {
      protectedFiles++;
      [at] = await insideOf(at.bytes, bob);
    }
    expect(protectedFiles).toBe(10);
    const opened = await open(bytes, { service: bob });
    expect(text(await opened.bytes())).toBe(text(inner));
    opened.close();
  });
});
