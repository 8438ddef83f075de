import { describe, expect, it } from 'vitest';
import { element, escapeAttribute, escapeText, markup } from './write-xml.ts';

describe('the XML writer', () => {
  it('writes an empty element with a space before the slash', () => {
    expect(element('ID', { type: 'Windows', skipped: undefined }, '', undefined).xml).toBe(
      '<ID type="Windows" />',
    );
  });

  it('escapes text and attributes and takes markup as it is', () => {
    expect(element('A', { x: '"<&>\n' }, 'R&D <x>', markup('<B></B>')).xml).toBe(
      '<A x="&quot;&lt;&amp;&gt;&#10;">R&amp;D &lt;x&gt;<B></B></A>',
    );
    expect(escapeText('a\r\nb')).toBe('a&#13;\nb');
    expect(escapeAttribute('\t')).toBe('&#9;');
  });

  it.each(['', '1A', 'A B', 'A>', '<', 'a/'])('refuses the name "%s"', (name) => {
    expect(() => element(name)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(() => element('A', { [name]: 'x' })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it.each(['\0', '\u000b', '\ud800', '\uffff'])('refuses characters that XML cannot carry', (text) => {
    expect(() => element('A', {}, text)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(() => element('A', { x: text })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
