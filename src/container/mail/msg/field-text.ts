import { encodeBase64, encodeUtf8 } from '../../../bytes/index.ts';

const atText = /^[\w!#$%&'*+\-/=?^`{|}~ ]+$/;
/** An encoded word has at most 75 characters, RFC 2047 section 2; this many bytes of text make no more. */
const bytesOfWord = 45;

/** Text for a header field: as it is if it is plain ASCII, else as encoded words (RFC 2047). */
export function fieldText(text: string): string {
  const line = text.replace(/[\r\n\t\0]+/g, ' ');
  if (/^[ -~]*$/.test(line) && !line.includes('=?')) return line;
  const words: string[] = [];
  let word = '';
  let length = 0;
  for (const character of line) {
    const bytes = encodeUtf8(character).length;
    if (length + bytes > bytesOfWord) {
      words.push(word);
      word = '';
      length = 0;
    }
    word += character;
    length += bytes;
  }
  if (word !== '') words.push(word);
  return words.map((each) => `=?utf-8?B?${encodeBase64(encodeUtf8(each))}?=`).join('\r\n ');
}

/** Somebody in a header field: `Jane Doe <jane@example.com>`. */
export function mailboxText(name: string | undefined, address: string | undefined): string | undefined {
  if (address === undefined) return name === undefined ? undefined : phrase(name);
  const clean = address.replace(/[\s<>,;"\0]+/g, '');
  return name === undefined || name === address ? clean : `${phrase(name)} <${clean}>`;
}

function phrase(name: string): string {
  const text = fieldText(name);
  if (text.startsWith('=?') || atText.test(text)) return text;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A date as header fields state it, RFC 5322 3.3. */
export function dateText(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  return `${days[date.getUTCDay()]}, ${date.getUTCDate()} ${months[date.getUTCMonth()]} ${year} ${time} +0000`;
}
