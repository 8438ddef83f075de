import { type ByteSource, concatBytes, encodeUtf8, type WaitOptions } from '../../../../bytes/index.ts';

/** Longer texts are shown as text: nothing large is kept in memory for it. */
const mostBytes = 1024 * 1024;

const head = encodeUtf8('<html><body><pre style="white-space: pre-wrap">');
const foot = encodeUtf8('</pre></body></html>');
const escapes: ReadonlyMap<number, Uint8Array> = new Map(
  ['&amp;', '&lt;', '&gt;'].map((text, index) => ['&<>'.charCodeAt(index), encodeUtf8(text)]),
);

/** Code pages in which the byte of `<` is not always a `<`: of several bytes a character, or with shifts. */
const isAscii = (codePage: number): boolean =>
  !(codePage === 1200 || codePage === 1201 || codePage === 12000 || codePage === 12001) &&
  !(codePage === 65000 || codePage === 52936 || (codePage >= 50220 && codePage <= 50229)) &&
  !(codePage === 37 || codePage === 500 || codePage === 875 || (codePage >= 1140 && codePage <= 1149));

/** A plain text as HTML in the same code page; `undefined` where it is long, or in a code page that is not ASCII and more. */
export async function htmlOfPlain(
  plain: ByteSource,
  codePage: number,
  options?: WaitOptions,
): Promise<Uint8Array | undefined> {
  const { size } = plain;
  if (size === undefined || size > mostBytes || !isAscii(codePage)) return undefined;
  const bytes = await plain.read(0, size, options);
  const parts: Uint8Array[] = [head];
  let from = 0;
  for (let at = 0; at < bytes.length; at++) {
    const escaped = escapes.get(bytes[at] as number);
    if (escaped === undefined) continue;
    parts.push(bytes.slice(from, at), escaped);
    from = at + 1;
  }
  parts.push(bytes.slice(from), foot);
  return concatBytes(parts);
}
