import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../bytes/index.ts';
import { msgEntries, protectedMsgEntries } from './index.ts';
import { attachment, bytesOf, message, noFacts } from './messages.test-support.ts';

/** Another program's reading: Debian's libemail-outlook-message-perl, which needs libemail-address-perl. */
async function msgconvert(item: Uint8Array): Promise<Email> {
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-msg-'));
  try {
    writeFileSync(join(folder, 'item.msg'), item);
    execFileSync('msgconvert', ['--outfile', join(folder, 'item.eml'), join(folder, 'item.msg')], {
      stdio: 'pipe',
    });
    return await PostalMime.parse(new Uint8Array(readFileSync(join(folder, 'item.eml'))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isThere(): boolean {
  try {
    execFileSync('which', ['msgconvert'], { stdio: 'ignore' });
    execFileSync('perl', ['-MEmail::Outlook::Message', '-MEmail::Address', '-e', '1'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

const whole = () =>
  message(
    {
      From: '=?utf-8?Q?J=C3=B6rg?= <joerg@example.com>',
      To: 'Jane <jane@example.com>',
      Cc: 'bob@example.com',
      Subject: '=?utf-8?B?5pel5pys6Kqe?=',
      Date: 'Tue, 3 Mar 2026 10:20:30 +0100',
      'Message-ID': '<1@example.com>',
    },
    { plain: 'Text – 日本\r\n', html: '<p>HTML – 日本</p>' },
    [
      ...Array.from({ length: 10 }, (_, i) =>
        attachment(`file${i}.bin`, new Uint8Array(1 + i * 999).fill(i), {
          contentType: 'application/x-thing',
        }),
      ),
      { ...noFacts, kind: 'message', message: message({ Subject: 'Inner' }, { plain: 'Inner text' }) },
    ],
  );

describe.skipIf(!isThere())('another program (skipped without Debian’s msgconvert)', () => {
  it('finds in our item the subject, people, texts and attachments that we put there', async () => {
    const mail = await msgconvert(await bytesOf(await msgEntries(whole())));
    expect(mail.subject).toBe('日本語');
    expect(mail.from).toMatchObject({ name: 'Jörg', address: 'joerg@example.com' });
    expect(mail.to).toMatchObject([{ address: 'jane@example.com' }]);
    expect(mail.cc).toMatchObject([{ address: 'bob@example.com' }]);
    expect(mail.messageId).toBe('<1@example.com>');
    expect(mail.text?.trim()).toContain('Text – 日本');
    expect(mail.html).toContain('HTML – 日本');
    const files = mail.attachments.filter(({ filename }) => filename?.startsWith('file'));
    expect(files.map(({ filename, mimeType }) => [filename, mimeType])).toEqual(
      Array.from({ length: 10 }, (_, i) => [`file${i}.bin`, 'application/x-thing']),
    );
    for (const [i, { content }] of files.entries())
      expect(new Uint8Array(content as ArrayBuffer)).toEqual(new Uint8Array(1 + i * 999).fill(i));
  });

  it('finds in a protected item the stub and the protected part, and nothing else', async () => {
    const rpmsg = new Uint8Array(9000).map((_, i) => i * 7);
    const root = await protectedMsgEntries(whole(), {
      stub: { plain: 'Cannot be read here', html: '<p>Cannot be read here</p>' },
      rpmsg: memorySource(rpmsg),
    });
    const mail = await msgconvert(await bytesOf(root));
    expect(mail.subject).toBe('日本語');
    expect(mail.text?.trim()).toBe('Cannot be read here');
    expect(mail.attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([
      ['message.rpmsg', 'application/x-microsoft-rpmsg-message'],
    ]);
    expect(new Uint8Array(mail.attachments[0]?.content as ArrayBuffer)).toEqual(rpmsg);
  });
});
