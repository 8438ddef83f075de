import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { doNotForward } from '../rights/index.ts';
import { open, protect } from './index.ts';
import { alice, bob, messageTo, sample, samplesPresent } from './mail.test-support.ts';

const has = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const python = has('python3', '--version');
const msgconvert = has('which', 'msgconvert');
const folder = mkdtempSync(join(tmpdir(), 'sealwright-mail-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What Python's email package reads: each part with its type, name, id and the digest of its content, and the header. */
const script = `
import email, email.policy, hashlib, json, sys
def parts(m):
    out = []
    for p in m.walk():
        payload = None if p.is_multipart() else p.get_payload(decode=True)
        out.append([p.get_content_type(), p.get_filename(), p.get('Content-ID'), p.get_content_charset(),
                    hashlib.sha256(payload).hexdigest() if payload is not None else None])
    return out
m = email.message_from_binary_file(open(sys.argv[1], 'rb'))
print(json.dumps([[[k, str(v)] for k, v in m.items() if 'boundary' not in str(v)], parts(m)]))
`;
const read = (bytes: Uint8Array, name: string): unknown => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return JSON.parse(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }));
};
/** The same of an Outlook item, which msgconvert makes MIME of. */
const readItem = (bytes: Uint8Array, name: string): unknown => {
  const eml = join(folder, `${name}.eml`);
  writeFileSync(join(folder, `${name}.msg`), bytes);
  execFileSync('msgconvert', ['--outfile', eml, join(folder, `${name}.msg`)], { stdio: 'ignore' });
  const text = execFileSync('python3', ['-c', script, eml], { encoding: 'utf8' });
  // Ids that msgconvert makes up, of the time and the process.
  return JSON.parse(text.replace(/<\d+\.\w+\.\d+@[^>"]*>/g, '<made up>'));
};

async function roundTrip(bytes: Uint8Array, name: string, mailAs?: 'eml' | 'msg'): Promise<Uint8Array> {
  const policy = doNotForward(['bob@contoso.com']);
  const file = await (await protect(bytes, { service: alice, policy, name })).bytes();
  const opened = await open(file, { service: bob, name, mailAs });
  const content = await opened.bytes();
  opened.close();
  return content;
}

/** A message of one text in a charset. */
const inCharset = (charset: string, body: number[]): Uint8Array =>
  Buffer.concat([
    Buffer.from(
      `From: alice@contoso.com\r\nTo: bob@contoso.com\r\nSubject: text\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`,
    ),
    Uint8Array.from(body),
  ]);

describe.skipIf(!python || !samplesPresent)('messages before and after, as other programs read them', () => {
  it.each(['testEML_embedded_xhtml_and_img.eml', 'testRFC822_multipart_attachments.eml'])(
    '%s is the same, part by part',
    async (name) => {
      const original = sample(name);
      const opened = await roundTrip(original, name);
      expect(read(opened, 'opened.eml')).toEqual(read(original, 'original.eml'));
    },
  );

  it.skipIf(!msgconvert).each(['testMSG.msg', 'testMSG_att_doc.msg', 'test-outlook.msg'])(
    '%s is the same, part by part',
    async (name) => {
      const original = sample(name);
      const opened = await roundTrip(original, name);
      expect(readItem(opened, 'opened')).toEqual(readItem(original, 'original'));
    },
    30_000,
  );

  it.each([
    ['utf-8', [0xc3, 0xa9, 0xe2, 0x82, 0xac]],
    ['windows-1252', [0xe9, 0x80]],
    ['shift_jis', [0x93, 0xfa, 0x96, 0x7b]],
  ])('a text in %s keeps its bytes and its charset', async (charset, body) => {
    const original = inCharset(charset, body);
    expect(read(await roundTrip(original, 'a.eml'), 'b.eml')).toEqual(read(original, 'a.eml'));
  });

  it('ten attachments and a message within the message are the same', async () => {
    const nested = 'From: carol@contoso.com\r\nSubject: Idea\r\n\r\nLater.';
    const parts = Array.from({ length: 10 }, (_, index) => ({
      type: 'application/octet-stream',
      name: `file ${index} ü.bin`,
      bytes: Uint8Array.from({ length: 1000 + index * 997 }, (_, at) => (at * index) & 0xff),
    }));
    const original = messageTo([...parts, { type: 'message/rfc822', bytes: nested }]);
    const opened = await roundTrip(original, 'ten.eml');
    expect(read(opened, 'opened.eml')).toEqual(read(original, 'original.eml'));
  });

  it.skipIf(!msgconvert)(
    'a MIME message that is opened as an Outlook item has its text and attachments',
    async () => {
      const original = messageTo([{ type: 'image/png', name: 'a.png', bytes: sample('testPNG.png') }]);
      const [, parts] = readItem(await roundTrip(original, 'a.eml', 'msg'), 'as-item') as [
        unknown,
        unknown[][],
      ];
      const [, wanted] = read(original, 'wanted.eml') as [unknown, unknown[][]];
      expect(parts.find(([type]) => type === 'image/png')?.[4]).toBe(
        wanted.find(([type]) => type === 'image/png')?.[4],
      );
      expect(parts.some(([type]) => type === 'text/plain')).toBe(true);
    },
  );
});
