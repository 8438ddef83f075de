import { spawnSync } from 'node:child_process';
import {
  type ByteSink,
  type ByteSource,
  concatBytes,
  encodeBase64,
  encodeUtf8,
} from '../../../bytes/index.ts';
import type { DocumentWriter } from '../../document-format.ts';

/** What a writer writes. */
export async function written(writer: DocumentWriter): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const sink: ByteSink = { write: (bytes) => void parts.push(new Uint8Array(bytes)) };
  const size = await writer.writeTo(sink);
  const bytes = concatBytes(parts);
  if (size !== bytes.length || (writer.size !== undefined && writer.size !== size))
    throw new Error(`said ${writer.size}, gave ${size}, wrote ${bytes.length}`);
  return bytes;
}

export const bytesOf = async (source: ByteSource | undefined): Promise<Uint8Array> =>
  new Uint8Array((await source?.read(0, source.size ?? 0)) ?? []);

export const textOf = async (source: ByteSource | undefined): Promise<string> =>
  new TextDecoder().decode(await bytesOf(source));

/** A source that gives a byte at a time, into memory that the next read overwrites. */
export function byteByByte(bytes: Uint8Array): ByteSource {
  const memory = new Uint8Array(bytes.length);
  const source: ByteSource = {
    size: bytes.length,
    seekable: true,
    read(offset, length) {
      memory.fill(0xee);
      const part = bytes.subarray(offset, offset + length);
      memory.set(part);
      return memory.subarray(0, part.length);
    },
    slice: (offset, length = bytes.length - offset) => byteByByte(bytes.subarray(offset, offset + length)),
  };
  return source;
}

export const hasPython = spawnSync('python3', ['--version']).status === 0;

/** A part as Python's email package sees it. */
export interface PythonPart {
  readonly type: string;
  readonly charset: string | null;
  readonly name: string | null;
  readonly contentId: string | null;
  readonly disposition: string | null;
  readonly fields: readonly string[];
  readonly content: string | null;
}

const script = `
import sys, json, base64, hashlib, email, email.policy
for line in sys.stdin:
    message = email.message_from_bytes(base64.b64decode(line), policy=email.policy.compat32)
    parts = []
    for part in message.walk():
        content = None if part.is_multipart() else part.get_payload(decode=True)
        parts.append(dict(type=part.get_content_type(), charset=part.get_content_charset(), name=part.get_filename(),
            contentId=part['content-id'], disposition=part.get_content_disposition(),
            fields=[k + ': ' + ' '.join(str(v).split()) for k, v in part.items()],
            content=None if content is None else content.hex() if len(content) < 2000 else hashlib.sha256(content).hexdigest()))
    print(json.dumps(parts))
`;

/** What Python's email package makes of each message, part by part. */
export function pythonParts(messages: readonly Uint8Array[]): readonly (readonly PythonPart[])[] {
  const { stdout, stderr } = spawnSync('python3', ['-c', script], {
    input: messages.map((each) => `${encodeBase64(each)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (stderr !== '') throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PythonPart[]);
}

/** Lines with the line breaks of mail; a `{{base64 …}}` is replaced by the encoded bytes of the text. */
const mail = (text: string): Uint8Array =>
  encodeUtf8(
    text
      .replace(/^\n/, '')
      .replace(/\{\{(\d+)\}\}/g, (_, count) => base64Lines(testBytes(Number(count))))
      .replaceAll('\n', '\r\n'),
  );

/** Bytes that look random and are always the same. */
export const testBytes = (count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, index) => (index * 167 + (index >> 8) * 59) & 0xff);

const base64Lines = (bytes: Uint8Array): string => encodeBase64(bytes).replace(/.{76}(?=.)/g, '$&\n');

const head = `
Received: from a.example (a.example [192.0.2.1])
	by b.example; Wed, 21 Mar 2018 14:14:33 -0800
From: =?utf-8?Q?J=C3=B6rg?= <joerg@example.com>
To: "Bunny, Bugs" <bugs@example.com>, daffy@example.com
Cc: Team: a@example.com, b@example.com;
Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=
Date: Wed, 21 Mar 2018 14:14:32 -0800
Message-ID: <1@example.com>
msip_labels: MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d_Enabled=true;
 MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d_Name=Secret
MIME-Version: 1.0
`;

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  concatBytes(parts.map((part) => (typeof part === 'string' ? mail(part) : Uint8Array.from(part))));

/** 日本 in the code pages of Japanese mail. */
const shiftJis = [0x93, 0xfa, 0x96, 0x7b];
const iso2022Jp = [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c, 0x1b, 0x28, 0x42];

/** Messages of every shape that mail has. All are written as they came, byte for byte, unless the name says otherwise. */
export const testMessages: readonly (readonly [name: string, message: Uint8Array])[] = [
  ['plain text without a word on its encoding', mail(`${head}\nHello\nyou\n`)],
  ['no text at all', mail(`${head}\n`)],
  ['an HTML text alone', mail(`${head}Content-Type: text/html; charset=utf-8\n\n<p>Grüße</p>\n`)],
  [
    'quoted-printable with soft line breaks and escapes',
    mail(
      `${head}Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe =3D =20\n${'0123456789'.repeat(7)}01234=\n56789\n`,
    ),
  ],
  ['Windows-1252', bytes(`${head}Content-Type: text/plain; charset=windows-1252\nContent-Transfer-Encoding: 8bit\n\n`, [0x80, 0xe4, 13, 10])],
  ['Shift-JIS', bytes(`${head}Content-Type: text/plain; charset=Shift_JIS\nContent-Transfer-Encoding: 8bit\n\n`, shiftJis, '\n')],
  ['ISO-2022-JP', bytes(`${head}Content-Type: text/plain; charset=ISO-2022-JP\nContent-Transfer-Encoding: 7bit\n\n`, iso2022Jp, '\n')],
  ['a charset that nobody knows', bytes(`${head}Content-Type: text/plain; charset=x-klingon\n\n`, [0xf8, 0xd0, 13, 10])],
  [
    'alternatives, a picture in the text, and an attachment',
    mail(`${head}Content-Type: multipart/mixed; boundary="outer"

This is a message in MIME format.
--outer
Content-Type: multipart/related; boundary="outer-inner"; type="multipart/alternative"

--outer-inner
Content-Type: multipart/alternative; boundary=alt

--alt
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: 8bit

Grüße 
von hier
--alt
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

{{300}}
--alt--

--outer-inner
Content-Type: image/png; name="=?utf-8?Q?Bild_=C3=A4.png?="
Content-Transfer-Encoding: base64
Content-ID: <picture@example>
Content-Disposition: inline; filename*=utf-8''Bild%20%C3%A4.png

{{1000}}

--outer-inner--
--outer
Content-Type: application/octet-stream
Content-Disposition: attachment; filename*0*=utf-8''a%20very%20l%C3%B6ng%20; filename*1="name.bin";
 modification-date="Tue, 15 Nov 2022 15:54:12 GMT"
Content-Transfer-Encoding: base64

{{57}}
--outer--
behind it all
`),
  ],
  [
    'ten attachments',
    mail(
      `${head}Content-Type: multipart/mixed; boundary="=_b"\n\n--=_b\nContent-Type: text/plain\n\ntext\n${Array.from({ length: 10 }, (_, index) => `--=_b\nContent-Type: application/pdf; name="${index}.pdf"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="${index}.pdf"\n\n{{${index * 100 + 1}}}\n`).join('')}--=_b--\n`,
    ),
  ],
  [
    'a message within a message within a message',
    mail(`${head}Content-Type: multipart/mixed; boundary=a

--a
Content-Type: text/plain

see below
--a
Content-Type: message/rfc822

From: inner@example.com
Subject: inner
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html

<p>inner</p>
--b
Content-Type: message/rfc822
Content-Disposition: attachment; filename="innermost.eml"

Subject: innermost

the end
--b--
--a--
`),
  ],
  [
    'a signed message',
    mail(`${head}Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=s

--s
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

signed =
text
--m
Content-Type: image/png
Content-Transfer-Encoding: base64

{{100}}
--m--

--s
Content-Type: application/pkcs7-signature; name=smime.p7s
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename=smime.p7s

{{200}}
--s--
`),
  ],
  [
    'an encrypted S/MIME message',
    mail(
      `${head}Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n{{500}}\n`,
    ),
  ],
  [
    'a forwarded message in base64',
    mail(
      `${head}Content-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: digested\n\none\n--d\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n${base64Lines(encodeUtf8('Subject: encoded\r\n\r\ntwo\r\n'))}\n--d--\n`,
    ),
  ],
  [
    'a report of a failed delivery',
    mail(
      `${head}Content-Type: multipart/report; report-type=delivery-status; boundary=r\n\n--r\n\nIt failed.\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a.example\n\n--r\nContent-Type: text/rfc822-headers\n\nSubject: x\n--r--\n`,
    ),
  ],
  ['line feeds alone', encodeUtf8(`Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\na\n\n--b\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\naGFs\nbG8=\n--b--\n`)],
  ['a multipart whose last boundary is missing', mail(`${head}Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: image/png\n\nabc`)],
  ['a multipart without its boundary', mail(`${head}Content-Type: multipart/mixed; boundary=b\n\nnothing\n`)],
  ['a plain text and HTML in different code pages', bytes(`${head}Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=shift_jis\n\n`, shiftJis, '\n--b\nContent-Type: text/html; charset=utf-8\n\n<p>日本</p>\n--b--\n')],
]; // biome-ignore format: messages
