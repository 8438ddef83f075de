// Windows locale ids in hexadecimal and the tags of RFC 5646 that stand for them; of one language, the default region first.
const table = `
ar-SA 401 bg-BG 402 ca-ES 403 zh-TW 404 cs-CZ 405 da-DK 406 de-DE 407 el-GR 408 en-US 409 es-ES c0a es-ES_tradnl 40a
fi-FI 40b fr-FR 40c he-IL 40d hu-HU 40e is-IS 40f it-IT 410 ja-JP 411 ko-KR 412 nl-NL 413 nb-NO 414 pl-PL 415 pt-BR 416
rm-CH 417 ro-RO 418 ru-RU 419 hr-HR 41a sk-SK 41b sq-AL 41c sv-SE 41d th-TH 41e tr-TR 41f ur-PK 420 id-ID 421 uk-UA 422
be-BY 423 sl-SI 424 et-EE 425 lv-LV 426 lt-LT 427 fa-IR 429 vi-VN 42a hy-AM 42b az-Latn-AZ 42c eu-ES 42d mk-MK 42f
af-ZA 436 ka-GE 437 fo-FO 438 hi-IN 439 mt-MT 43a ga-IE 83c ms-MY 43e kk-KZ 43f sw-KE 441 uz-Latn-UZ 443 bn-IN 445
pa-IN 446 gu-IN 447 or-IN 448 ta-IN 449 te-IN 44a kn-IN 44b ml-IN 44c mr-IN 44e mn-MN 450 cy-GB 452 km-KH 453 gl-ES 456
kok-IN 457 si-LK 45b am-ET 45e ne-NP 461 fil-PH 464 lb-LU 46e zh-CN 804 de-CH 807 en-GB 809 es-MX 80a fr-BE 80c
it-CH 810 nl-BE 813 nn-NO 814 pt-PT 816 sr-Latn-RS 241a sr-Cyrl-RS 281a bs-Latn-BA 141a sv-FI 81d zh-HK c04 de-AT c07
en-AU c09 fr-CA c0c zh-SG 1004 de-LU 1007 en-CA 1009 es-GT 100a fr-CH 100c zh-MO 1404 de-LI 1407 en-NZ 1409 es-CR 140a
fr-LU 140c en-IE 1809 es-PA 180a fr-MC 180c en-ZA 1c09 es-DO 1c0a es-VE 200a es-CO 240a es-PE 280a es-AR 2c0a
en-IN 4009 es-EC 300a es-CL 340a es-UY 380a es-PY 3c0a en-SG 4809 es-BO 400a es-US 540a ar-EG c01 ar-AE 3801`;

const words = table.trim().split(/\s+/);
const tags = new Map<number, string>();
const locales = new Map<string, number>();
for (let i = 0; i < words.length; i += 2) {
  const tag = words[i] as string;
  const lcid = Number.parseInt(words[i + 1] as string, 16);
  tags.set(lcid, tag.replace('_', '-'));
  const [language = '', script = ''] = tag.toLowerCase().split('-');
  for (const name of [tag.toLowerCase(), language, `${language}-${script}`])
    if (!locales.has(name)) locales.set(name, lcid);
}
for (const [alias, tag] of [
  ['no', 'nb-no'],
  ['zh', 'zh-cn'],
  ['zh-hans', 'zh-cn'],
  ['zh-hant', 'zh-tw'],
  ['iw', 'he-il'],
  ['tl', 'fil-ph'],
] as const)
  locales.set(alias, locales.get(tag) as number);

/**
 * The Windows locale id of a language tag, or the one of its language where the region is not known; `undefined` for a
 * language that is not known. Case does not matter.
 *
 * @example
 * ```ts
 * localeOfTag('de-AT'); // 3079
 * localeOfTag('en'); // 1033
 * ```
 */
export function localeOfTag(tag: string): number | undefined {
  const lower = tag.trim().toLowerCase();
  if (lower.length > 35) return undefined;
  for (let name = lower; name !== ''; name = name.slice(0, Math.max(name.lastIndexOf('-'), 0))) {
    const lcid = locales.get(name);
    if (lcid !== undefined) return lcid;
  }
  return undefined;
}

/** The language tag of a Windows locale id, or `undefined` if it is not known. */
export const tagOfLocale = (lcid: number): string | undefined => tags.get(lcid);

/** Whether two Windows locale ids are of one language: its number stands in the lower ten bits. */
export const sameLanguage = (a: number, b: number): boolean => (a & 0x3ff) === (b & 0x3ff);
