import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../../../src/authority/index.ts';
import { encodeUtf8, memorySource } from '../../../src/bytes/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../../../src/container/compound-file/layout.ts';
import type { MailBody, MailMessage } from '../../../src/container/mail/mail-message.ts';
import { readMime } from '../../../src/container/mail/mime/index.ts';
import { msgEntries } from '../../../src/container/mail/msg/index.ts';
import { doNotForward, open, protect } from '../../../src/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../../src/license/index.ts';
import { hasProgram, runProgram } from '../office/programs.test-support.ts';

const pythons = ['/usr/bin/python3', 'python3'].filter((command) => hasProgram(command, '--version'));
const hasOlefile = (command: string): boolean => runProgram(command, ['-c', 'import olefile']).status === 0;
// There may be several, of which one has the library.
const python = pythons.find(hasOlefile) ?? pythons[0];
const olefile = python !== undefined && hasOlefile(python);
const msgconvert = python !== undefined && hasProgram('msgconvert', '--help');
const folder = mkdtempSync(join(tmpdir(), 'sealwright-readers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const authority = await createAuthority({ store: createMemoryStore(), custodian, name: 'Contoso' });

async function roundTrip(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  const policy = doNotForward(['bob@contoso.com']);
  const file = await (
    await protect(bytes, { service: authority.as('alice@contoso.com'), policy, name })
  ).bytes();
  const opened = await open(file, { service: authority.as('bob@contoso.com'), name });
  const content = await opened.bytes();
  opened.close();
  return content;
}

interface Part {
  readonly type: string;
  readonly name: string | null;
  readonly id: string | null;
  readonly disposition: string | null;
  readonly charset: string | null;
  readonly text: string | null;
  readonly hex: string | null;
}

/** What Python's email package reads of each message in the files: every part, however deep. */
const script = `
import email, json, sys
def parts(path):
    out = []
    for p in email.message_from_binary_file(open(path, 'rb')).walk():
        payload = None if p.is_multipart() else p.get_payload(decode=True)
        charset = p.get_content_charset()
        text = payload.decode(charset, 'replace') if payload is not None and charset else None
        out.append(dict(type=p.get_content_type(), name=p.get_filename(), id=p.get('Content-ID'),
                        disposition=p.get_content_disposition(), charset=charset, text=text,
                        hex=payload.hex() if payload is not None else None))
    return out
print(json.dumps([parts(path) for path in sys.argv[1:]]))
`;

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function parts(...files: readonly Uint8Array[]): readonly (readonly Part[])[] {
  const paths = files.map((bytes, index) => written(`${index}.eml`, bytes));
  return JSON.parse(execFileSync(python as string, ['-c', script, ...paths], { encoding: 'utf8' }));
}

/** The same of Outlook items, which msgconvert makes MIME of. */
function partsOfItems(...files: readonly Uint8Array[]): readonly (readonly Part[])[] {
  const paths = files.map((bytes, index) => written(`${index}.msg`, bytes));
  const made = paths.map((path) => {
    execFileSync('msgconvert', ['--outfile', `${path}.eml`, path], { stdio: 'ignore' });
    return `${path}.eml`;
  });
  const text = execFileSync(python as string, ['-c', script, ...made], { encoding: 'utf8' });
  return JSON.parse(text);
}

/** Every stream of compound files and the digest of it, as Python's olefile finds them. */
function streams(...files: readonly Uint8Array[]): readonly Readonly<Record<string, string>>[] {
  const paths = files.map((bytes, index) => written(`${index}.cfb`, bytes));
  const list = `
import hashlib, json, olefile, sys
print(json.dumps([{'/'.join(e): hashlib.sha256(f.openstream(e).read()).hexdigest() for e in f.listdir()}
                  for f in map(olefile.OleFileIO, sys.argv[1:])]))
`;
  return JSON.parse(execFileSync(python as string, ['-c', list, ...paths], { encoding: 'utf8' }));
}

const picture = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 1, 2, 3);
const head = (subject: string): string =>
  `From: alice@contoso.com\r\nTo: bob@contoso.com\r\nSubject: ${subject}\r\nDate: Mon, 01 Jan 2024 10:00:00 +0000\r\nMIME-Version: 1.0\r\n`;

/** HTML with two pictures in it and one beside it. */
const withPictures = (charset = 'utf-8', text: string | Uint8Array = 'Look:'): Uint8Array => {
  const image = (id: string, disposition: string) =>
    `--r\r\nContent-Type: image/png; name="${id}.png"\r\nContent-ID: <${id}@contoso.com>\r\nContent-Disposition: ${disposition}; filename="${id}.png"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(picture).toString('base64')}\r\n`;
  return Buffer.concat([
    Buffer.from(
      `${head('pictures')}Content-Type: multipart/related; boundary="r"\r\n\r\n--r\r\nContent-Type: text/html; charset=${charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<p>`,
    ),
    Buffer.from(text),
    Buffer.from(
      `<img src="cid:one@contoso.com"><img src="cid:two@contoso.com"></p>\r\n${image('one', 'inline')}${image('two', 'inline')}--r--\r\n`,
    ),
  ]);
};

/** A message within a message within a message. */
const nested = encodeUtf8(
  `${head('outer')}Content-Type: multipart/mixed; boundary="a"\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\nFirst.\r\n--a\r\nContent-Type: message/rfc822\r\n\r\n${head('middle')}Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSecond.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n${head('inner')}Content-Type: text/plain\r\n\r\nThird.\r\n--b--\r\n\r\n--a--\r\n`,
);

const tenFiles = encodeUtf8(
  `${head('ten')}Content-Type: multipart/mixed; boundary="a"\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\nTen.\r\n${Array.from(
    { length: 10 },
    (_, index) =>
      `--a\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="file ${index}.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.alloc(index * 300, index).toString('base64')}\r\n`,
  ).join('')}--a--\r\n`,
);

const item = async (message: MailMessage): Promise<Uint8Array> => {
  const source = compoundFileSource(layoutCompoundFile(await msgEntries(message)));
  return new Uint8Array(await source.read(0, source.size ?? 0));
};
/** A MIME message as an Outlook item. */
const itemOf = async (bytes: Uint8Array): Promise<Uint8Array> => {
  const { original: _, ...message } = await readMime(memorySource(bytes));
  return item(message);
};
const itemWith = (body: MailBody): Promise<Uint8Array> =>
  item({
    fields: [
      { name: 'Subject', value: 'text' },
      { name: 'From', value: 'alice@contoso.com' },
    ],
    body,
    attachments: [],
  });

const encoded = {
  'utf-8': [65001, [0xc3, 0xa9, 0xe2, 0x82, 0xac], 'é€'],
  'windows-1252': [1252, [0xe9, 0x80], 'é€'],
  shift_jis: [932, [0x93, 0xfa, 0x96, 0x7b], '日本'],
} as const;

const rtf = '{\\rtf1\\ansi\\ansicpg1252 Quarterly {\\b figures} \\u8364?\\par}';
const rtfOfHtml =
  "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Quarterly {\\*\\htmltag84 <b>}\\htmlrtf {\\b\\htmlrtf0 figures\\htmlrtf }\\htmlrtf0 {\\*\\htmltag92 </b>}\\'80\\htmlrtf }\\htmlrtf0 {\\*\\htmltag72 </p>}}";
const inRtf = (text: string): MailBody => ({
  native: 'rtf',
  codePage: 1252,
  rtf: memorySource(encodeUtf8(text)),
});

const messages: Readonly<Record<string, Uint8Array>> = {
  'pictures in the text': withPictures(),
  'ten attachments': tenFiles,
  'a message in a message, two deep': nested,
  ...Object.fromEntries(
    Object.entries(encoded).map(([charset, [, bytes]]) => [
      `HTML in ${charset}`,
      withPictures(charset, Uint8Array.from(bytes)),
    ]),
  ),
};

describe.skipIf(!python)('MIME messages before and after (skipped without Python)', () => {
  const made = Object.values(messages);

  it('have the same parts, pictures in the text with their ids, and text that is read as what it says', async () => {
    const opened = [];
    for (const bytes of made) opened.push(await roundTrip(bytes, 'm.eml'));
    const seen = parts(...made, ...opened);
    const after = seen.slice(made.length);
    for (const [index, name] of Object.keys(messages).entries())
      expect(after[index], name).toEqual(seen[index]);
    const [pictures = []] = after;
    expect(pictures.filter(isPicture).map(({ id, disposition }) => [id, disposition])).toEqual([
      ['<one@contoso.com>', 'inline'],
      ['<two@contoso.com>', 'inline'],
    ]);
    const texts = Object.fromEntries(
      after.flat().flatMap(({ charset, text, type }) => (type === 'text/html' ? [[charset, text]] : [])),
    );
    for (const [charset, [, , text]] of Object.entries(encoded)) expect(texts[charset]).toContain(text);
  });
});

const isPicture = ({ type }: Part): boolean => type === 'image/png';

const items: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  'pictures in the text': () => itemOf(withPictures()),
  'ten attachments': () => itemOf(tenFiles),
  'a message in a message, two deep': () => itemOf(nested),
  'RTF and nothing else': () => itemWith(inRtf(rtf)),
  'RTF that was made from HTML': () => itemWith(inRtf(rtfOfHtml)),
  ...Object.fromEntries(
    Object.entries(encoded).map(([charset, [codePage, bytes]]) => [
      `text in ${charset}`,
      () => itemWith({ native: 'plain', codePage, plain: memorySource(Uint8Array.from(bytes)) }),
    ]),
  ),
};

async function itemsBeforeAndAfter(): Promise<readonly (readonly [before: Uint8Array, after: Uint8Array])[]> {
  const all: (readonly [Uint8Array, Uint8Array])[] = [];
  for (const make of Object.values(items)) {
    const before = await make();
    all.push([before, await roundTrip(before, 'm.msg')]);
  }
  return all;
}

describe('Outlook items before and after', () => {
  it.skipIf(!olefile)('have the same streams with the same bytes (skipped without olefile)', async () => {
    const all = await itemsBeforeAndAfter();
    const seen = streams(...all.flat());
    for (const [index, name] of Object.keys(items).entries())
      expect(seen[2 * index + 1], name).toEqual(seen[2 * index]);
  });

  it.skipIf(!msgconvert)(
    'have the same parts: text in every code page, RTF, pictures, messages within (skipped without msgconvert)',
    async () => {
      const all = await itemsBeforeAndAfter();
      const seen = partsOfItems(...all.flat());
      // Ids that msgconvert makes up, of the time and the process.
      const known = (list: unknown): unknown =>
        JSON.parse(JSON.stringify(list).replace(/<\d+\.\w+\.\d+@[^>"]*>/g, '<made up>'));
      for (const [index, name] of Object.keys(items).entries())
        expect(known(seen[2 * index + 1]), name).toEqual(known(seen[2 * index]));
      const pictures = (seen[1] ?? []).filter(isPicture);
      expect(pictures.map(({ id, hex }) => [id, hex])).toEqual([
        ['one@contoso.com', Buffer.from(picture).toString('hex')],
        ['two@contoso.com', Buffer.from(picture).toString('hex')],
      ]);
    },
  );
});
