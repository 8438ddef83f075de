import { describe, expect, it } from 'vitest';
import { stubTexts } from './languages.ts';
import { stubOf } from './stub.ts';

describe('the stub of a protected message', () => {
  it('says in each language, as text and as HTML, that the message is protected and what to open', () => {
    const { plain, html } = stubOf(undefined);
    expect(stubTexts.length).toBeGreaterThanOrEqual(10);
    for (const { language, title, body } of stubTexts) {
      expect(body).toContain('message.rpmsg');
      expect(plain).toContain(`${title}\r\n${body}\r\n`);
      expect(html).toContain(`lang="${language}"`);
      expect(html).toContain(body);
    }
  });

  it('has each language once, in normal form, with line ends as mail has them', () => {
    expect(new Set(stubTexts.map(({ language }) => language)).size).toBe(stubTexts.length);
    const { plain, html } = stubOf(undefined);
    expect(plain.normalize('NFC')).toBe(plain);
    expect(plain.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(html.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('is what the caller wants, as text and as HTML', () => {
    expect(stubOf({ plain: 'Secret.', html: '<p>Secret.</p>' })).toEqual({
      plain: 'Secret.',
      html: '<p>Secret.</p>',
    });
  });

  it('makes HTML of a text of the caller’s without taking anything in it for HTML', () => {
    const { html } = stubOf({ plain: 'Ask <help@contoso.com> & wait\nfor an answer\n\nThank "you"' });
    expect(html).toContain('<p>Ask &lt;help@contoso.com&gt; &amp; wait<br>\r\nfor an answer</p>');
    expect(html).toContain('<p>Thank &quot;you&quot;</p>');
  });
});
