import { describe, expect, it } from 'vitest';
import { doNotForward } from '../rights/index.ts';
import { inspect, open, openMessage, protect } from './index.ts';
import { alice, bob, mallory, messageTo } from './mail.test-support.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('protected messages', () => {
  const original = messageTo([
    { type: 'text/plain', name: 'note.txt', bytes: new TextEncoder().encode('Hello') },
  ]);
  const policy = doNotForward(['bob@contoso.com']);

  it('opens for its recipient as the message it was, byte for byte', async () => {
    const file = await protect(original, { service: alice, policy, name: 'mail.eml' });
    expect(file).toMatchObject({ name: 'mail.eml', format: 'mail' });
    const bytes = await file.bytes();
    expect(text(bytes)).toContain('Content-Class: rpmsg.message');
    expect(text(bytes)).not.toContain('Revenue');
    expect(await inspect(bytes)).toMatchObject({
      protected: true,
      format: 'mail',
      owner: 'alice@contoso.com',
    });
    const opened = await open(bytes, { service: bob, name: 'mail.eml' });
    expect(text(await opened.bytes())).toBe(text(original));
    opened.close();
  });

  it('opens for nobody else', async () => {
    const bytes = await (await protect(original, { service: alice, policy, name: 'mail.eml' })).bytes();
    await expect(open(bytes, { service: mallory })).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('tells what it says and what its recipient may do', async () => {
    const bytes = await (await protect(original, { service: alice, policy, name: 'mail.eml' })).bytes();
    const message = await openMessage(bytes, { service: bob });
    expect(message).toMatchObject({
      subject: 'Third quarter ✓',
      mayReply: true,
      mayReplyAll: true,
      mayForward: false,
      mayCopy: false,
      mayPrint: false,
    });
    expect(await message.text()).toBe('Revenue is up: 12 €.\r\nKeep it quiet.');
    expect(message.attachments).toMatchObject([{ name: 'note.txt', size: 5, isProtected: false }]);
    message.close();
  });
});
