import { describe, expect, it } from 'vitest';
import { doNotForward, encryptOnly, hasRight, type PolicyInput } from '../rights/index.ts';
import { open, openMessage, protect, removeProtection } from './index.ts';
import { alice, bob, insideOf, mallory, messageTo, sample, samplesPresent } from './mail.test-support.ts';

const nested = 'From: carol@contoso.com\r\nTo: alice@contoso.com\r\nSubject: Idea\r\n\r\nLater.';
const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const parts = () => [
  { type: word, name: 'plan.docx', bytes: sample('testWORD.docx') },
  { type: 'application/pdf', name: 'plan.pdf', bytes: sample('testPDF.pdf') },
  { type: 'text/plain', name: 'plan.txt', bytes: sample('testTXT.txt') },
  { type: 'application/octet-stream', name: 'plan.eml', bytes: new TextEncoder().encode(nested) },
  { type: 'message/rfc822', bytes: nested },
];
const people = { sender: alice, recipient: bob };
const policies: Readonly<Record<string, PolicyInput>> = {
  'Do Not Forward': doNotForward(['bob@contoso.com']),
  'Encrypt-Only': encryptOnly(['bob@contoso.com']),
};
/** Who may do what: sender, recipient of Do Not Forward, recipient of Encrypt-Only. */
const matrix: readonly (readonly [
  right: string,
  sender: boolean,
  forwarding: boolean,
  encrypted: boolean,
])[] = [
  ['VIEW', true, true, true],
  ['DOCEDIT', true, true, true],
  ['EDIT', true, true, true],
  ['OBJMODEL', true, true, true],
  ['REPLY', true, true, true],
  ['REPLYALL', true, true, true],
  ['VIEWRIGHTSDATA', true, true, true],
  ['FORWARD', true, false, true],
  ['PRINT', true, false, true],
  ['EXTRACT', true, false, true],
  ['EDITRIGHTSDATA', true, false, true],
  ['EXPORT', true, false, false],
  ['OWNER', true, false, false],
];

describe.skipIf(!samplesPresent)('rights in mail', () => {
  for (const [name, policy] of Object.entries(policies)) {
    // A PDF carries the cipher modes of Microsoft's readers only, and so under the license of the message, too.
    const protectedBytes = async (
      protectAttachments = true,
      mode: 'microsoft' | 'ours' = 'microsoft',
    ): Promise<Uint8Array> => {
      const settings = { mail: { protectAttachments } };
      const interop = mode === 'ours' ? undefined : mode;
      return (
        await protect(messageTo(parts()), { service: alice, policy, name: 'm.eml', settings, interop })
      ).bytes();
    };
    const column = name === 'Do Not Forward' ? 2 : 3;

    it(`${name}: sender and recipient have the rights of the table, for the message and each attachment`, async () => {
      const bytes = await protectedBytes();
      for (const [person, service] of Object.entries(people)) {
        const message = await openMessage(bytes, { service });
        const held = [message.rights];
        for (const [index, inside] of (await insideOf(bytes, service)).entries())
          if (inside.isProtected) {
            const attached = await open(inside.bytes, { service, name: `attachment ${index}` });
            expect(attached.contentId).toBe(message.contentId);
            held.push(attached.rights);
            attached.close();
          }
        // The message, the Word document, the PDF, and the message that is attached as a file.
        expect(held).toHaveLength(4);
        for (const rights of held)
          for (const row of matrix)
            expect([row[0], hasRight(rights, row[0])]).toEqual([
              row[0],
              person === 'sender' ? row[1] : row[column],
            ]);
        message.close();
      }
    });

    it(`${name}: nobody else opens the message or an attachment taken out of it`, async () => {
      const bytes = await protectedBytes();
      const denied = expect.objectContaining({ code: 'ACCESS_DENIED' });
      await expect(open(bytes, { service: mallory })).rejects.toEqual(denied);
      for (const inside of await insideOf(bytes, bob))
        if (inside.isProtected)
          await expect(open(inside.bytes, { service: mallory })).rejects.toEqual(denied);
    });

    it(`${name}: Office, PDF and mail attachments are protected within, all others only by the message`, async () => {
      const kinds = (await insideOf(await protectedBytes(), bob)).map(({ isProtected }) => isProtected);
      expect(kinds).toEqual([true, true, false, true, false]);
      const ours = (await insideOf(await protectedBytes(true, 'ours'), bob)).map((each) => each.isProtected);
      expect(ours).toEqual([true, false, false, true, false]);
      const plain = (await insideOf(await protectedBytes(false), bob)).map(({ isProtected }) => isProtected);
      expect(plain).toEqual([false, false, false, false, false]);
    });

    it(`${name}: the recipient gets the message as it was, all attachments opened`, async () => {
      const opened = await open(await protectedBytes(true, 'ours'), { service: bob });
      expect(Buffer.from(await opened.bytes()).equals(messageTo(parts()))).toBe(true);
      opened.close();
    });

    it(`${name}: only who may copy takes the protection off`, async () => {
      const bytes = await protectedBytes();
      const removed = removeProtection(bytes, { service: bob });
      if (name === 'Do Not Forward') await expect(removed).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
      else (await removed).close();
      (await removeProtection(bytes, { service: alice })).close();
    });
  }
});
