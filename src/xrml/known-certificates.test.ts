import { describe, expect, it } from 'vitest';
import { readXrmlDocuments } from './documents.ts';
import { readXrmlFacts } from './facts.ts';
import { verifySignature } from './verify.ts';

const license = (id: string) =>
  `<XrML version="1.2"><BODY type="Microsoft Rights Label"><N>${id}</N></BODY></XrML>`;
const certificate = (id: string, attributes = '') =>
  `<XrML version="1.2"${attributes}><BODY type="LICENSE"><N a="1">${id}</N></BODY></XrML>`;
const textsOf = (text: string) => readXrmlDocuments(text).map((document) => document.text);

describe('certificates that stand in one license after the other', () => {
  it('are the same documents, with the same facts and verdicts', () => {
    const chain = [certificate('one'), certificate('two'), certificate('three')].join('');
    const first = readXrmlDocuments(`<?xml version="1.0"?>${license('a')}${chain}`);
    const second = readXrmlDocuments(`<?xml version="1.0"?>${license('b')}${chain}`);
    expect(second.map(({ text }) => text)).toEqual([license('b'), ...first.slice(1).map(({ text }) => text)]);
    for (const index of [1, 2, 3]) {
      expect(second[index]).toBe(first[index]);
      expect(readXrmlFacts(second[index]!)).toBe(readXrmlFacts(first[index]!));
      expect(verifySignature(second[index]!)).toBe(verifySignature(first[index]!));
    }
    expect(second[0]).not.toBe(first[0]);
  });

  it('are found in front of what is made for one license', () => {
    const own = certificate('own', ' purpose="Content-License"');
    const [, before] = readXrmlDocuments(license('a') + certificate('four'));
    const [, after, ownAfter] = readXrmlDocuments(license('b') + certificate('four') + own);
    expect(after).toBe(before);
    expect(readXrmlDocuments(license('b') + own)[1]).not.toBe(ownAfter);
  });

  it('are others if one character is another', () => {
    readXrmlDocuments(license('a') + certificate('five'));
    const changed = certificate('fivE');
    expect(textsOf(license('a') + changed)[1]).toBe(changed);
    const spaced = certificate('five').replace('<N a', '<N  a');
    expect(textsOf(license('a') + spaced)[1]).toBe(spaced);
  });

  it('keep the text that their own offsets count in', () => {
    readXrmlDocuments(license('a') + certificate('six'));
    const [, known] = readXrmlDocuments(license('a much longer name') + certificate('six'));
    expect(known!.source.slice(known!.root.start, known!.root.end)).toBe(certificate('six'));
    expect(known!.source.slice(known!.body.start, known!.body.end)).toBe(known!.bodyText);
  });

  it('do not stand in for what is wrong in front of them', () => {
    const known = certificate('seven');
    readXrmlDocuments(license('a') + known);
    for (const front of [
      '<XrML>',
      '<XrML a="',
      '<XrML><BODY/><!--',
      'text',
      '<CERTIFICATECHAIN>',
      '<XrML><BODY/>&',
    ])
      expect(() => readXrmlDocuments(front + known)).toThrow(/MALFORMED|not well-formed|not made as/);
  });

  it('count for what a license may hold', () => {
    const known = certificate('eight');
    readXrmlDocuments(license('a') + known);
    const error = (text: string) => {
      try {
        readXrmlDocuments(text);
        return undefined;
      } catch (thrown) {
        return (thrown as { code?: string }).code;
      }
    };
    expect(error(license('a') + known.repeat(31))).toBeUndefined();
    expect(error(license('a') + known.repeat(32))).toBe('LIMIT_EXCEEDED');
    expect(error(known.repeat(33))).toBe('LIMIT_EXCEEDED');
    // Three elements of the license and three of the certificate.
    const many = (elements: number) => license('a').replace('<N>', `<N>${'<a/>'.repeat(elements - 6)}`);
    expect(error(many(20_000) + known)).toBeUndefined();
    expect(error(many(20_001) + known)).toBe('LIMIT_EXCEEDED');
  });

  it('are not all kept: those used last are', () => {
    const often = certificate('often');
    const [, first] = readXrmlDocuments(license('a') + often);
    const [, rare] = readXrmlDocuments(license('a') + certificate('rare'));
    for (let i = 0; i < 200; i++) readXrmlDocuments(license('a') + certificate(`other ${i}`) + often);
    expect(readXrmlDocuments(license('a') + often)[1]).toBe(first);
    expect(readXrmlDocuments(license('a') + certificate('rare'))[1]).not.toBe(rare);
  });
});
