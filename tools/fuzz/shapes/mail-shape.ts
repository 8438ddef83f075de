import { pick } from '../mutate.ts';
import type { Random } from '../random.ts';
import { anyMatch, bytesOf, oneOf, replaced, textOf } from './text.ts';

const types = [
  ...['text/plain', 'text/html; charset=utf-16', 'text/plain; charset=iso-2022-jp', 'message/rfc822', 'message/partial'],
  ...['message/global', 'message/delivery-status', 'multipart/mixed', 'multipart/alternative; boundary=alt'],
  ...['multipart/related; boundary=b', 'multipart/signed; boundary=outer', 'multipart/digest; boundary=d', 'image/png'],
  ...['multipart/encrypted; boundary=s', 'application/pkcs7-mime', 'application/x-microsoft-rpmsg-message'],
  ...['application/pdf; name=a.pdf', 'application/vnd.ms-outlook; name=a.msg', 'application/ms-tnef', 'text/rfc822-headers'],
]; // biome-ignore format: a table
const encodings = [
  '7bit',
  '8bit',
  'binary',
  'base64',
  'quoted-printable',
  'x-uuencode',
  'BASE64 ',
  'base64; x=y',
  '',
];

const boundary = /boundary\*?\d*\*?=("[^"\r\n]*"|[^\s;"]+)/gi;
const encoding = /(?<=Content-Transfer-Encoding:\s*)[\w-]+/gi;
const contentType = /(?<=\nContent-Type:\s*)[\w./-]+/gi;
const charset = /(?<=charset=)[\w"-]+/gi;
const field = /(?:^|\n)[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*/g;
const boundaryLine = /\n--[^\r\n]+(?:\r?\n|$)/g;
const base64 = /(?:\n[A-Za-z0-9+/=]{20,}\r?)+/g;

/** Changes how a message is put together: parts, boundaries, encodings, messages within messages. */
export function reshapeMail(bytes: Uint8Array, random: Random): Uint8Array | undefined {
  const text = textOf(bytes);
  const change = (match: RegExpExecArray | undefined, to: (old: string) => string): string | undefined =>
    match === undefined ? undefined : replaced(text, match, to(match[0]));
  const result = oneOf<string>(
    [
      () => nested(text, random),
      () => nested(text, random),
      () =>
        change(anyMatch(text, boundary, random), (old) => {
          const other = anyMatch(text, boundary, random)?.[1]?.replaceAll('"', '') ?? 'b';
          return pick([`boundary="${other}"`, `boundary="${other} "`, `boundary=${other}x`, 'boundary=""', `boundary*0=${other}`, `${old}; boundary=${other}`, `boundary="${other.slice(0, -1)}"`], random);
        }),
      () => change(anyMatch(text, boundaryLine, random), (old) => pick([`${old.trimEnd()}--\r\n`, old.replace(/--\r?\n$/, '\r\n'), old + old, '\n', ` ${old}`, `${old.trimEnd()} \t\r\n`, old.slice(1), old.replace('\n', '\n\n')], random)),
      () => change(anyMatch(text, boundaryLine, random), () => anyMatch(text, boundaryLine, random)?.[0] ?? '\n'),
      () => change(anyMatch(text, encoding, random), () => pick(encodings, random)),
      () => change(anyMatch(text, contentType, random), () => pick(types, random)),
      () => change(anyMatch(text, charset, random), () => pick(['utf-8', 'utf-16', 'utf-7', 'shift_jis', 'iso-2022-jp', 'us-ascii', 'x-user-defined', 'gb18030', 'windows-1252', '""'], random)),
      () => change(anyMatch(text, field, random), (old) => pick([old.repeat(2), '', old.replace(/:\s?/, ':\r\n '), old.replace(/:/, ' :'), old.repeat(1 + random(400)), old.replace(/\r?\n$/, ''), old.replace(/; /g, ';\r\n\t')], random)),
      () => {
        const moved = anyMatch(text, field, random);
        if (moved === undefined) return undefined;
        const rest = replaced(text, moved, '\n');
        const to = anyMatch(rest, field, random)?.index ?? 0;
        return rest.slice(0, to) + moved[0] + rest.slice(to);
      },
      () => shuffledParts(text, random),
      () => shuffledParts(text, random),
      () => {
        const from = random(text.length);
        const to = from + random(3000);
        const [of, by] = pick([['\r\n', '\n'], ['\n', '\r\n'], ['\r\n', '\r'], ['\r\n', ' \r\n']] as const, random);
        return text.slice(0, from) + text.slice(from, to).replaceAll(of, by) + text.slice(to);
      },
      () =>
        change(anyMatch(text, base64, random), (old) => {
          const flat = old.replace(/\s/g, '');
          const width = pick([4, 19, 60, 75, 76, 77, 1000, 100_000], random);
          const cut = random(3) === 0 ? flat.slice(0, random(flat.length + 1)) : flat;
          return `\n${cut.replace(new RegExp(`.{${width}}(?=.)`, 'g'), '$&\r\n')}\r`;
        }),
      () => change(anyMatch(text, /name\*?\d*\*?=[^;\r\n]+/gi, random), () => pick(['name="../../etc/x"', "filename*=utf-16''%ff%fe", 'name="=?utf-8?B?////?="', `filename*0*=''a; filename*1*=b; filename*99=c`, 'name=message.rpmsg', 'name="con.pdf"', 'name="\\"', `name="${'x'.repeat(random(3000))}"`], random)),
    ],
    random,
  ); // biome-ignore format: a list of ways
  return result === undefined ? undefined : bytesOf(result);
}

/** The whole message within another, or in a part of many within each other. */
function nested(text: string, random: Random): string {
  const depth = pick([1, 1, 2, 3, 9, 11, 63, 66, 200], random);
  const way = random(3);
  let [front, end] = ['', ''];
  for (let i = 0; i < depth; i++) {
    const name = pick([`n${i}`, 'n', `n${'x'.repeat(i)}`], random);
    if (way === 0) front += 'Subject: around\r\nContent-Type: message/rfc822\r\n\r\n';
    else {
      front += `Subject: around\r\nContent-Type: multipart/${pick(['mixed', 'related', 'alternative'], random)}; boundary=${name}\r\n\r\n--${name}\r\n`;
      if (way === 2) front += 'Content-Type: message/rfc822\r\n\r\n';
      if (random(4) > 0) end = `\r\n--${name}--\r\n${end}`;
    }
  }
  return front + text + end;
}

/** Parts twice, left out, exchanged, or many times over. */
function shuffledParts(text: string, random: Random): string | undefined {
  const line = anyMatch(text, boundaryLine, random)?.[0].replace(/(?:--)?\s*$/, '');
  if (line === undefined || line.length < 3) return undefined;
  const parts = text.split(line);
  if (parts.length < 3) return undefined;
  const at = 1 + random(parts.length - 1);
  const part = parts[at] as string;
  switch (random(5)) {
    case 0:
      parts.splice(at, 1);
      break;
    case 1:
      parts.splice(at, 0, part);
      break;
    case 2:
      parts.splice(at, 1);
      parts.splice(1 + random(parts.length), 0, part);
      break;
    case 3:
      parts.splice(at, 0, ...Array.from({ length: Math.min(1 + random(1000), Math.floor(200_000 / (part.length + 1))) }, () => part));
      break;
    default:
      parts.splice(at, 0, `\r\nContent-Type: message/rfc822\r\n\r\n${text}`);
  } // biome-ignore format: short cases
  return parts.join(line);
}
