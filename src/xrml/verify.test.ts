import { beforeAll, describe, expect, it } from 'vitest';
import { encodeBase64, encodeUtf16le, maxima } from '../bytes/index.ts';
import { digestOfText } from './digest.ts';
import { readXrmlDocuments } from './documents.ts';
import { readPublicKey } from './public-key.ts';
import { openSignature } from './rsa.ts';
import { signXrmlBody } from './sign.ts';
import { certificateBody, makeTestKey, type TestKey, type TestParty } from './test-hierarchy.test-support.ts';
import { type SignatureVerdict, verifySignature } from './verify.ts';
import { element, markup } from './write-xml.ts';
import { elementAt } from './xml-element.ts';

let party: TestParty;
let license: string;
const verdictOn = (text: string): SignatureVerdict => verifySignature(readXrmlDocuments(text)[0]!);

beforeAll(async () => {
  party = { type: 'MS-DRM-Server', name: 'R&D', key: await makeTestKey() };
  const body = certificateBody({ issuer: party, principal: party, extra: element('EMPTY', { a: 'b' }) });
  license = await signXrmlBody(body, party.key.sign, { purpose: 'Content-License' });
});

describe('a signature', () => {
  it('verifies as written, in both layouts and with keys of every size', async () => {
    expect(verdictOn(license)).toEqual({
      valid: true,
      digestAlgorithm: 'SHA256',
      digestValid: true,
      signatureValid: true,
      keyBits: 1024,
      signedForm: { whitespaceRemoved: false, emptyElements: 'as-stored' },
    });
    for (const bits of [512, 1000, 2048]) {
      const other = { ...party, key: await makeTestKey(bits) };
      const body = certificateBody({ issuer: other, principal: party });
      const text = await signXrmlBody(body, other.key.sign, { layout: 'client' });
      expect(text.startsWith('<XrML version="1.2" xmlns=""><BODY ')).toBe(true);
      expect(verdictOn(text)).toMatchObject({ valid: bits >= 512, keyBits: bits });
    }
  });

  it('covers the body only, not what stands around it', () => {
    const moved = license
      .replace('purpose="Content-License"', 'purpose="x" other="y"')
      .replace('</BODY>', '</BODY>\n');
    expect(verdictOn(moved).valid).toBe(true);
  });

  it.each([
    [
      'as <X></X>',
      (text: string) => text.replaceAll(/<(\w+)([^<>]*) \/>/g, '<$1$2></$1>'),
      { whitespaceRemoved: false, emptyElements: '<X />' },
    ],
    [
      'indented',
      (text: string) => text.replaceAll('><', '>\r\n\t<'),
      { whitespaceRemoved: true, emptyElements: 'as-stored' },
    ],
    [
      'indented and as <X></X>',
      (text: string) => text.replaceAll('><', '> <').replaceAll(/<(\w+)([^<>]*) \/>/g, '<$1$2></$1>'),
      { whitespaceRemoved: true, emptyElements: '<X />' },
    ],
  ] as const)('still verifies, and says so, where the document was stored %s', (_, store, signedForm) => {
    expect(verdictOn(store(license))).toMatchObject({ valid: true, signedForm });
  });

  it('verifies over the short form of empty elements where that was signed', async () => {
    const { xml } = certificateBody({ issuer: party, principal: party });
    const text = await signXrmlBody(markup(xml.replaceAll(' />', '/>')), party.key.sign);
    expect(verdictOn(text).signedForm?.emptyElements).toBe('as-stored');
    expect(verdictOn(text.replaceAll(/<(\w+)([^<>]*)\/>/g, '<$1$2></$1>')).signedForm?.emptyElements).toBe(
      '<X/>',
    );
  });

  it('does not excuse white space that is a value, nor any other change', () => {
    for (const change of [
      (text: string) => text.replace('R&amp;D', 'R&amp;d'),
      (text: string) => text.replace('R&amp;D', 'R&#38;D'),
      (text: string) => text.replace('<NAME>', '<NAME> '),
      (text: string) => text.replace('<BODY ', '<BODY  '),
      (text: string) => text.replace('type="MS-DRM-Server"', "type='MS-DRM-Server'"),
      (text: string) => text.replace('<EMPTY a="b" />', '<EMPTY a="b"> </EMPTY>'),
    ]) {
      expect(change(license)).not.toBe(license);
      expect(verdictOn(change(license))).toMatchObject({
        valid: false,
        digestValid: false,
        signatureValid: true,
      });
    }
  });

  it('may leave the digest out, and then covers the body itself', () => {
    const without = license.replace(
      /(<DIGEST>.*)<VALUE encoding="base64" size="256">[^<]*<\/VALUE>(<\/DIGEST>)/,
      '$1$2',
    );
    expect(verdictOn(without)).toMatchObject({ valid: true, digestValid: undefined, signatureValid: true });
    expect(verdictOn(without.replace('R&amp;D', 'X'))).toMatchObject({ valid: false, signatureValid: false });
  });

  it.each([
    ['is missing', /<SIGNATURE>.*<\/SIGNATURE>/, ''],
    ['is there twice', /(<SIGNATURE>.*<\/SIGNATURE>)/, '$1$1'],
    ['names another digest', 'SHA256</ALGORITHM>', 'MD5</ALGORITHM>'],
    ['names the wrong digest', 'SHA256</ALGORITHM>', 'SHA1</ALGORITHM>'],
    ['names another algorithm', 'RSA PKCS#1-V1.5', 'RSA PSS'],
    [
      'has an empty value',
      /<VALUE encoding="base64" size="1024">[^<]*<\/VALUE><\/SIGNATURE>/,
      '<VALUE /></SIGNATURE>',
    ],
    [
      'has a value that is not base64',
      /<VALUE encoding="base64" size="1024">[^<]*<\/VALUE><\/SIGNATURE>/,
      '<VALUE>!</VALUE></SIGNATURE>',
    ],
    ['has a digest that is not base64', /<VALUE encoding="base64" size="256">[^<]*</, '<VALUE>!<'],
    ['belongs to a key with another exponent', '65537', '3'],
    ['belongs to no key', /<ISSUER>.*<\/ISSUER>/, ''],
    ['belongs to a key that is too small', /(<ISSUER>.*?"base64" size="1024">)[^<]*/, '$1AQID'],
    ['belongs to an even key', /(<ISSUER>.*?"base64" size="1024">)../, '$1AA'],
  ] as const)('that %s is not valid, and nothing is thrown', (_, from, to) => {
    const changed = license.replace(from, to);
    expect(changed).not.toBe(license);
    expect(verdictOn(changed).valid).toBe(false);
  });

  it('is never valid for a signature value of all zeros, ones, the modulus itself or one', () => {
    const modulus = party.key.modulus.slice().reverse();
    const one = new Uint8Array(128);
    one[127] = 1;
    for (const value of [new Uint8Array(128), new Uint8Array(128).fill(255), modulus, one, modulus.slice(1)])
      expect(
        verdictOn(license.replace(/[^>]*(<\/VALUE><\/SIGNATURE>)/, `${encodeBase64(value)}$1`)).valid,
      ).toBe(false);
  });
});

describe('verification', () => {
  it.each([
    ['white space in a tag', `<X a="${' '.repeat(400_000)}"></X><Y${' '.repeat(400_000)}/>`],
    ['white space in text', `<X>${' '.repeat(400_000)}x${' '.repeat(400_000)}</X>`],
    ['empty elements', '<X></X>'.repeat(19_000)],
  ])('takes linear time over long runs of %s', (_, extra) => {
    const started = process.cpuUsage();
    expect(verdictOn(license.replace('<EMPTY', `${extra}<EMPTY`)).valid).toBe(false);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(10_000);
  });
});

describe('opening a signature with a public key', () => {
  it('agrees with WebCrypto, and compares the whole padded block', async () => {
    const key: TestKey = party.key;
    const document = readXrmlDocuments(license)[0]!;
    const publicKey = readPublicKey(elementAt(document.body, 'ISSUER', 'PUBLICKEY'))!;
    const signature = await key.sign(encodeUtf16le('text'));
    const opened = openSignature(publicKey, signature)!;
    expect(opened.isOver('SHA256', digestOfText('SHA256', 'text'))).toBe(true);
    expect(opened.isOver('SHA256', digestOfText('SHA256', 'texts'))).toBe(false);
    expect(opened.isOver('SHA1', digestOfText('SHA1', 'text'))).toBe(false);
    expect(opened.isOver('SHA256', digestOfText('SHA256', 'text').subarray(1))).toBe(false);
    expect(openSignature(publicKey, signature.subarray(1))).toBeUndefined();
    expect(openSignature(publicKey, new Uint8Array(128).fill(255))).toBeUndefined();
  });
});

describe('signing', () => {
  it.each([
    '',
    'text',
    '<A />',
    '<BODY><BODY /></BODY>',
    '<BODY></BODY><BODY />',
    '<BODY><!-- <x> --></BODY>',
    ' <BODY />',
    '<BODY>',
  ])('refuses "%s" as a body', async (xml) => {
    await expect(signXrmlBody(markup(xml), party.key.sign)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('refuses what was written element by element as it refuses the same text', async () => {
    const nested = (levels: number) => {
      let inner = element('A');
      for (let level = 2; level < levels; level++) inner = element('A', {}, inner);
      return element('BODY', {}, inner);
    };
    const many = (count: number) =>
      element('BODY', {}, ...Array.from({ length: count - 1 }, () => element('A')));
    const crowded = (count: number) =>
      element(
        'BODY',
        {},
        element('A', Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, '']))),
      );
    const bodies = [
      [nested(maxima.xmlDepth), true],
      [nested(maxima.xmlDepth + 1), false],
      [many(maxima.xmlElements), true],
      [many(maxima.xmlElements + 1), false],
      [crowded(maxima.xmlAttributes), true],
      [crowded(maxima.xmlAttributes + 1), false],
      [element('BODY', {}, 'x'.repeat(maxima.licenseBytes)), false],
      [element('BODY', {}, element('A', {}, element('BODY'))), false],
      [element('BODY', {}, element('A', {}, element('XrML'))), false],
      [element('BODY', {}, element('A', {}, markup('<B>'))), false],
      [element('BODY', {}, element('A', {}, markup('<B />'))), true],
      [element('BODY', {}, ']]>', '<&\r'), true],
      [element('XrML'), false],
      [element('BODYX'), false],
      [{ xml: '<BODY />' }, true],
    ] as const;
    for (const [body, taken] of bodies)
      for (const form of [body, markup(body.xml)]) {
        const signed = signXrmlBody(form, () => new Uint8Array(64));
        if (taken) expect(await signed).toContain(body.xml);
        else await expect(signed).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      }
  });
});
