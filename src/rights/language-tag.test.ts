import { describe, expect, it } from 'vitest';
import { localeOfTag, sameLanguage, tagOfLocale } from './language-tag.ts';

describe('language tags', () => {
  it('knows the locale of a tag, whatever its case', () => {
    expect(localeOfTag('en-US')).toBe(1033);
    expect(localeOfTag('DE-de')).toBe(1031);
    expect(localeOfTag('sr-Latn-RS')).toBe(0x241a);
  });

  it('takes the language where the region is not known', () => {
    expect(localeOfTag('en')).toBe(1033);
    expect(localeOfTag('En-en')).toBe(1033);
    expect(localeOfTag('zh-Hant-XX')).toBe(1028);
    expect(localeOfTag('no')).toBe(0x414);
  });

  it('knows no locale for what is no language it has heard of', () => {
    for (const tag of ['', '*', 'x', 'tlh-KX', '-', 'a'.repeat(1000)])
      expect(localeOfTag(tag)).toBeUndefined();
  });

  it('gives the tag back for each locale it gives', () => {
    for (const tag of ['en-US', 'de-AT', 'es-ES', 'pt-PT', 'ja-JP'])
      expect(tagOfLocale(localeOfTag(tag) as number)).toBe(tag);
    expect(tagOfLocale(1)).toBeUndefined();
  });

  it('sees that two regions speak one language', () => {
    expect(sameLanguage(1033, 2057)).toBe(true);
    expect(sameLanguage(1033, 1031)).toBe(false);
  });
});
