/** Names that Windows gives to devices, with any extension, in any folder. */
const deviceName = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\.|$)/i;
/** Characters that no file name may have somewhere, and those that make a name look like another one. */
const forbidden = /[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Bytes of a name that leave room for the names of temporary files, of which systems allow 255. */
const mostBytes = 150;

/**
 * A name of a file in one folder, made from one that a stranger wrote: never a path, a device, a hidden file, or one
 * that looks like another; never one of `taken`, to which it is added with the number that the next of its name is to try.
 * `fallback` stands for a name of which nothing is left (spec/files.md, "Names from messages").
 *
 * @example
 * ```ts
 * const taken = new Map<string, number>();
 * safeFileName('../../etc/passwd', 'attachment', taken); // 'passwd'
 * safeFileName('PASSWD', 'attachment', taken); // 'PASSWD (2)'
 * ```
 */
export function safeFileName(name: string | undefined, fallback: string, taken: Map<string, number>): string {
  const plain = (name ?? '').normalize('NFC').split(/[/\\]/).at(-1) as string;
  const cleaned = plain
    .replaceAll(forbidden, '_')
    .replace(/^[\s.]+/, '')
    .replace(/[\s.]+$/, '');
  // Of what is only replaced characters, nothing says what it was.
  const usable = /[^_\s]/.test(cleaned) ? cleaned : fallback;
  const safe = deviceName.test(usable) ? `_${usable}` : usable;
  const { stem, extension } = parted(safe);
  const numbered = (number: number): string => {
    const suffix = number === 1 ? '' : ` (${number})`;
    return `${cut(stem, mostBytes - byteLength(suffix + extension))}${suffix}${extension}`;
  };
  // Folders of some systems compare names without case.
  const first = numbered(1).toLowerCase();
  // Thousands of attachments may have one name: each goes on where the last one ended.
  let number = taken.get(first) ?? 1;
  while (taken.has(numbered(number).toLowerCase())) number++;
  const free = numbered(number);
  taken.set(free.toLowerCase(), 2);
  taken.set(first, number + 1);
  return free;
}

/** Longer "extensions" are part of the name. */
const mostOfExtension = 32;

function parted(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || byteLength(name.slice(dot)) > mostOfExtension) return { stem: name, extension: '' };
  return { stem: name.slice(0, dot), extension: name.slice(dot) };
}

const byteLength = (text: string): number => Buffer.byteLength(text);

/** As many whole characters as fit. */
function cut(text: string, bytes: number): string {
  if (byteLength(text) <= bytes) return text;
  let kept = '';
  let length = 0;
  for (const character of text) {
    length += byteLength(character);
    if (length > bytes) break;
    kept += character;
  }
  return kept.replace(/[\s.]+$/, '');
}
