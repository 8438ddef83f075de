import { mimeLimits } from './limits.ts';

/** Windows code pages and the name that mail has for each, the one to write first. */
const names: readonly (readonly [codePage: number, ...names: string[]])[] = [
  [65001, 'utf-8', 'utf8', 'unicode-1-1-utf-8'],
  [20127, 'us-ascii', 'ascii', 'ansi_x3.4-1968', 'iso646-us'],
  [28591, 'iso-8859-1', 'latin1', 'l1', 'iso8859-1', 'iso_8859-1'],
  [28592, 'iso-8859-2', 'latin2', 'iso8859-2'],
  [28593, 'iso-8859-3', 'latin3'],
  [28594, 'iso-8859-4', 'latin4'],
  [28595, 'iso-8859-5', 'cyrillic'],
  [28596, 'iso-8859-6', 'arabic'],
  [28597, 'iso-8859-7', 'greek'],
  [28598, 'iso-8859-8', 'hebrew'],
  [38598, 'iso-8859-8-i', 'logical'],
  [28599, 'iso-8859-9', 'latin5'],
  [28600, 'iso-8859-10', 'latin6'],
  [28603, 'iso-8859-13'],
  [28604, 'iso-8859-14', 'latin8'],
  [28605, 'iso-8859-15', 'latin9', 'iso8859-15'],
  [28606, 'iso-8859-16', 'latin10'],
  [874, 'windows-874', 'tis-620', 'iso-8859-11', 'cp874'],
  [1250, 'windows-1250', 'cp1250', 'x-cp1250'],
  [1251, 'windows-1251', 'cp1251', 'x-cp1251'],
  [1252, 'windows-1252', 'cp1252', 'x-cp1252', 'x-ansi'],
  [1253, 'windows-1253', 'cp1253'],
  [1254, 'windows-1254', 'cp1254'],
  [1255, 'windows-1255', 'cp1255'],
  [1256, 'windows-1256', 'cp1256'],
  [1257, 'windows-1257', 'cp1257'],
  [1258, 'windows-1258', 'cp1258'],
  [932, 'shift_jis', 'shift-jis', 'sjis', 'x-sjis', 'ms_kanji', 'windows-31j', 'cp932', 'ms932', 'csshiftjis'],
  [50220, 'iso-2022-jp', 'csiso2022jp'],
  [51932, 'euc-jp', 'x-euc-jp', 'x-euc'],
  [936, 'gb2312', 'gbk', 'cp936', 'x-gbk', 'gb_2312-80', 'csgb2312', 'chinese'],
  [54936, 'gb18030'],
  [52936, 'hz-gb-2312'],
  [950, 'big5', 'cn-big5', 'x-x-big5', 'csbig5'],
  [949, 'ks_c_5601-1987', 'ks_c_5601', 'ks_c_5601-1989', 'korean', 'windows-949', 'cp949', 'uhc'],
  [51949, 'euc-kr', 'cseuckr'],
  [50225, 'iso-2022-kr'],
  [866, 'cp866', 'ibm866'],
  [437, 'ibm437', 'cp437'],
  [850, 'ibm850', 'cp850'],
  [20866, 'koi8-r', 'koi'],
  [21866, 'koi8-u', 'koi8-ru'],
  [10000, 'macintosh', 'x-mac-roman'],
  [10007, 'x-mac-cyrillic'],
  [1200, 'utf-16le', 'utf-16', 'unicode'],
  [1201, 'utf-16be'],
  [65000, 'utf-7', 'unicode-1-1-utf-7'],
]; // biome-ignore format: a table

const pages = new Map(names.flatMap(([page, ...all]) => all.map((name) => [name, page] as const)));

/** The code page of a charset, compared without case; `undefined` for one that nobody knows. */
export function codePageOf(charset: string): number | undefined {
  const name = charset.trim().toLowerCase();
  if (name.length > mimeLimits.tokenCharacters) return undefined;
  const known = pages.get(name);
  if (known !== undefined) return known;
  const numbered = /^(?:x-)?(?:cp|windows|ms|ibm)-?(\d{3,5})$/.exec(name);
  return numbered === null ? undefined : Number(numbered[1]);
}

/** The charset that mail calls a code page by; `undefined` for one it has no name for. */
export const charsetOf = (codePage: number): string | undefined =>
  names.find(([page]) => page === codePage)?.[1];

/** Whether bytes below 128 mean in it what they mean in ASCII, whatever stands around them. */
export const extendsAscii = (codePage: number): boolean =>
  ![1200, 1201, 65000, 50220, 50225, 52936].includes(codePage);
