import { describe, expect, it } from 'vitest';
import { type ByteSource, memorySource } from '../../../bytes/index.ts';
import { encodeMailText } from '../code-pages.ts';
import type { MailBody } from '../mail-message.ts';
import { bytesOf, cipher, message, opened, protectedBytes, textSource } from './rpmsg.test-support.ts';

/** As strings, which are compared quickly. */
const latin1Of = async (source: ByteSource | undefined) =>
  source && Buffer.from((await bytesOf(source)) ?? []).toString('latin1');

async function plainBody(body: MailBody | undefined) {
  return (
    body && {
      native: body.native,
      codePage: body.codePage,
      plain: await latin1Of(body.plain),
      html: await latin1Of(body.html),
      rtf: await latin1Of(body.rtf),
    }
  );
}

const encoded = (text: string, codePage: number) =>
  memorySource(encodeMailText(text, codePage) ?? new Uint8Array(0));

const bodies: readonly (readonly [what: string, body: MailBody | undefined])[] = [
  ['plain text', { native: 'plain', codePage: 65001, plain: textSource('Grüße, 日本語') }],
  [
    'plain text with HTML beside',
    { native: 'plain', codePage: 65001, plain: textSource('a'), html: textSource('<b>a</b>') },
  ],
  ['HTML', { native: 'html', codePage: 65001, html: textSource('<b>Grüße</b>') }],
  [
    'HTML with plain text beside',
    { native: 'html', codePage: 65001, html: textSource('<b>a</b>'), plain: textSource('a') },
  ],
  ['RTF alone', { native: 'rtf', codePage: 1252, rtf: textSource('{\\rtf1 a}') }],
  [
    'RTF with both others',
    {
      native: 'rtf',
      codePage: 1252,
      rtf: textSource('{\\rtf1 a}'),
      html: textSource('<b>a</b>'),
      plain: textSource('a'),
    },
  ],
  ['Western European', { native: 'html', codePage: 1252, html: encoded('<p>Grüße, „so“ – 5 €</p>', 1252) }],
  [
    'Japanese',
    {
      native: 'plain',
      codePage: 932,
      plain: encoded('日本語のメール', 932),
      html: encoded('<p>日本語</p>', 932),
    },
  ],
  ['an empty text', { native: 'plain', codePage: 65001, plain: textSource('') }],
  ['a long text', { native: 'html', codePage: 65001, html: textSource('<p>long</p>'.repeat(300_000)) }],
  ['nothing at all', undefined],
];

describe('the body of a protected message', () => {
  for (const [what, body] of bodies)
    it(`comes back as it was: ${what}`, async () => {
      const back = await opened(await protectedBytes(message({ body })));
      expect(await plainBody(back.body)).toEqual(await plainBody(body));
    });

  it('is in the streams that other programs read, also without anything of ours', async () => {
    const [, rtf] = bodies[5] as (typeof bodies)[number];
    const back = await opened(await protectedBytes(message({ body: rtf }), cipher(), { supplement: false }));
    expect(await plainBody(back.body)).toEqual({ ...(await plainBody(rtf)), plain: undefined });
    const plain = await opened(await protectedBytes(message(), cipher(), { supplement: false }));
    expect(new TextDecoder().decode(await bytesOf(plain.body?.html))).toContain('&lt;you&gt; &amp; all.');
  });

  it('keeps the structure of the original for the form that it had', async () => {
    for (const form of ['mime', 'msg'] as const) {
      const original = { form, bytes: new Uint8Array(5000).fill(3) };
      expect((await opened(await protectedBytes(message({ original })))).original).toEqual(original);
      const without = await protectedBytes(message({ original }), cipher(), { supplement: false });
      expect((await opened(without)).original).toBeUndefined();
    }
  });
});
