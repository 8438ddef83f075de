import { describe, expect, it } from 'vitest';
import { encodeBase64, encodeUtf16le } from '../bytes/index.ts';
import { encodeLicenseText } from './decode-text.ts';
import { elementSource, joinXrmlDocuments, readXrmlDocuments } from './documents.ts';

const first = '<XrML version="1.2" xmlns=""><BODY type="a"><X></X><Y /></BODY></XrML>';
const second = '<XrML xmlns="" version="1.2"><BODY type="b">ü\n</BODY></XrML>';
const malformed = expect.objectContaining({ code: 'MALFORMED_LICENSE' });

describe('splitting a license into documents', () => {
  it('gives each document and its body exactly as stored', () => {
    const documents = readXrmlDocuments(encodeLicenseText(joinXrmlDocuments([first, `\r\n${second}`])));
    expect(documents.map(({ text }) => text)).toEqual([first, second]);
    expect(documents.map(({ bodyText }) => bodyText)).toEqual([
      '<BODY type="a"><X></X><Y /></BODY>',
      '<BODY type="b">ü\n</BODY>',
    ]);
    const [document] = documents;
    expect(elementSource(document!, document!.body.children[0]!)).toBe('<X></X>');
  });

  it('opens the wrapper that holds documents as base64 of UTF-16', () => {
    const wrapped = [first, second].map(
      (text) => `<CERTIFICATE>${encodeBase64(encodeUtf16le(text))}</CERTIFICATE>`,
    );
    const chain = encodeLicenseText(`<CERTIFICATECHAIN>\n${wrapped.join('\n')}</CERTIFICATECHAIN>`, {
      encoding: 'utf-16le',
    });
    expect(readXrmlDocuments(chain).map(({ text }) => text)).toEqual([first, second]);
  });

  it.each([
    ['nothing', ''],
    ['only an XML declaration', '<?xml version="1.0"?>'],
    ['another root element', '<html />'],
    ['no BODY', '<XrML />'],
    ['two BODYs', '<XrML><BODY /><BODY /></XrML>'],
    ['a BODY inside the BODY', '<XrML><BODY><BODY /></BODY></XrML>'],
    ['a BODY hidden in the signature', '<XrML><BODY /><SIGNATURE><BODY /></SIGNATURE></XrML>'],
    ['a BODY that is no child of the root', '<XrML><A><BODY /></A></XrML>'],
    ['a document inside another', '<XrML><BODY /><XrML /></XrML>'],
    ['a BODY in a comment', '<XrML><!--<BODY type="x"></BODY>--><BODY /></XrML>'],
    ['a BODY in a CDATA section', '<XrML><A><![CDATA[<BODY>]]></A><BODY /></XrML>'],
    ['a BODY in an attribute', '<XrML a="<BODY>"><BODY /></XrML>'],
    ['an empty chain', '<CERTIFICATECHAIN />'],
    [
      'a chain of something that is not base64',
      '<CERTIFICATECHAIN><CERTIFICATE>!</CERTIFICATE></CERTIFICATECHAIN>',
    ],
    [
      'a chain within a chain',
      `<CERTIFICATECHAIN><CERTIFICATE>${btoa('<CERTIFICATECHAIN />')}</CERTIFICATE></CERTIFICATECHAIN>`,
    ],
  ])('refuses %s', (_, text) => {
    expect(() => readXrmlDocuments(text)).toThrow(malformed);
  });

  it('refuses more documents than any chain has', () => {
    const limit = expect.objectContaining({ code: 'LIMIT_EXCEEDED' });
    expect(() => readXrmlDocuments('<XrML><BODY /></XrML>'.repeat(33))).toThrow(limit);
    const certificate = `<CERTIFICATE>${btoa('<XrML><BODY /></XrML>')}</CERTIFICATE>`;
    expect(() => readXrmlDocuments(`<CERTIFICATECHAIN>${certificate.repeat(33)}</CERTIFICATECHAIN>`)).toThrow(
      limit,
    );
  });
});
