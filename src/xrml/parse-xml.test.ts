import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SealwrightError } from '../errors.ts';
import { parseXml, parseXmlSequence } from './parse-xml.ts';
import { element, type XmlMarkup } from './write-xml.ts';
import type { XmlElement } from './xml-element.ts';

const failure = (text: string): SealwrightError => {
  try {
    parseXmlSequence(text);
  } catch (error) {
    if (error instanceof SealwrightError) return error;
    throw error;
  }
  throw new Error('was accepted');
};

describe('the strict XML parser', () => {
  it('gives names, attributes, decoded text and exact ranges', () => {
    const text = `<?xml version="1.0" encoding="utf-16"?>\n<A x = "1&quot;" y='&#x1F600;'>\n<B/>t &amp; u<C></C></A >\n`;
    const root = parseXml(text);
    expect(root.name).toBe('A');
    expect({ ...root.attributes }).toEqual({ x: '1"', y: '\u{1f600}' });
    expect(root.text).toBe('\nt & u');
    expect(text.slice(root.start, root.end)).toBe(text.slice(text.indexOf('<A'), text.lastIndexOf('>') + 1));
    expect(root.children.map((child) => text.slice(child.start, child.end))).toEqual(['<B/>', '<C></C>']);
    expect(Object.isFrozen(root) && Object.isFrozen(root.children) && Object.isFrozen(root.attributes)).toBe(
      true,
    );
  });

  it('reads line ends and white space in attributes as XML asks', () => {
    const root = parseXml('<A x="a\r\nb\tc&#10;d">1\r\n2\r3&#13;</A>');
    expect(root.attributes.x).toBe('a b c\nd');
    expect(root.text).toBe('1\n2\n3\r');
  });

  it('treats names such as __proto__ as ordinary names', () => {
    const root = parseXml('<__proto__ __proto__="1" constructor="2" />');
    expect(root.name).toBe('__proto__');
    expect(Object.keys(root.attributes)).toEqual(['__proto__', 'constructor']);
    expect(parseXml('<A />').attributes.constructor).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['text alone', 'hello'],
    ['an unclosed element', '<A><B></B>'],
    ['crossed elements', '<A><B></A></B>'],
    ['an end tag that only begins alike', '<A></AB>'],
    ['an end tag without a start', '</A>'],
    ['text after the element', '<A/>x'],
    ['a name that starts with a digit', '<1/>'],
    ['a space before the name', '< A/>'],
    ['an attribute twice', '<A x="1" x="2"/>'],
    ['an attribute without quotes', '<A x=1/>'],
    ['an attribute without value', '<A x/>'],
    ['attributes without space between', '<A x="1"y="2"/>'],
    ['"<" in an attribute', '<A x="<BODY>"/>'],
    ['an attribute that does not end', '<A x="1/>'],
    ['an unknown entity', '<A>&nbsp;</A>'],
    ['a bare ampersand', '<A>a & b</A>'],
    ['an entity for NUL', '<A>&#0;</A>'],
    ['an entity for a surrogate', '<A>&#xD800;</A>'],
    ['an entity beyond Unicode', '<A>&#x110000;</A>'],
    ['a control character', '<A>\u0001</A>'],
    ['a lone surrogate', '<A>\ud800</A>'],
    ['the end of a CDATA section in text', '<A>]]></A>'],
    ['a CDATA section', '<A><![CDATA[<BODY>]]></A>'],
    ['a document type', '<!DOCTYPE A [<!ENTITY x "y">]><A>&x;</A>'],
    [
      'entities that multiply',
      `<!DOCTYPE l [<!ENTITY a "ha">${'<!ENTITY b "&a;&a;&a;">'.repeat(9)}]><A>&b;</A>`,
    ],
    ['a processing instruction', '<A><?php x ?></A>'],
    ['a second XML declaration', '<?xml version="1.0"?><A/><?xml version="1.0"?>'],
    ['XML 1.1', '<?xml version="1.1"?><A/>'],
    ['space before the XML declaration', ' <?xml version="1.0"?><A/>'],
    ['a byte-order mark left over', '\ufeff<A/>'],
    ['a comment that holds a tag', '<A><!-- <BODY> --></A>'],
    ['a comment inside a value', '<A>admin<!-- x -->@contoso.com</A>'],
    ['a comment outside the elements', '<A/><!-- x -->'],
    ['a comment with two hyphens', '<A><!-- a -- b --></A>'],
    ['a comment that does not end', '<A><!-- a </A>'],
  ])('refuses %s and says where', (_, text) => {
    const error = text === '' || text === 'hello' ? undefined : failure(text);
    if (error === undefined) expect(() => parseXml(text)).toThrow(SealwrightError);
    else {
      expect(error.code).toBe('MALFORMED_LICENSE');
      expect(error.details.offset).toBeTypeOf('number');
    }
  });

  it('passes over a comment between elements that no reader can take for anything else', () => {
    expect(parseXml('<A><B/><!-- made by a tool --><C/></A>').children.map(({ name }) => name)).toEqual([
      'B',
      'C',
    ]);
  });

  it.each([
    ['elements too deep', `${'<A>'.repeat(33)}${'</A>'.repeat(33)}`],
    ['half a million start tags', '<A>'.repeat(300_000)],
    ['too many elements', `<A>${'<B/>'.repeat(20_000)}</A>`],
    [
      'a hundred thousand attributes',
      `<A ${Array.from({ length: 100_000 }, (_, i) => `a${i}=""`).join(' ')}/>`.slice(0, 1_000_000),
    ],
    ['too many documents', '<A/>'.repeat(33)],
    ['too much text', `<A>${'x'.repeat(1024 * 1024)}</A>`],
  ])('refuses %s with LIMIT_EXCEEDED, at once', (_, text) => {
    const started = process.cpuUsage();
    expect(failure(text).code).toBe('LIMIT_EXCEEDED');
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(5_000);
  });

  it.each([
    ['unclosed quotes', '<A x="'.repeat(100_000)],
    ['ampersands', `<A>${'&'.repeat(900_000)}</A>`],
    ['open comments', `<A>${'<!--'.repeat(200_000)}`],
    ['white space inside a tag', `<A ${' '.repeat(900_000)}`],
    ['CDATA ends', `<A>${']]'.repeat(400_000)}</A>`],
    ['references', `<A>${'&#65;'.repeat(200_000)}</A>`],
  ])('takes linear time over long runs of %s', (_, text) => {
    // Of the processor, not of the clock: other work on the machine does not count.
    const started = process.cpuUsage();
    try {
      parseXml(text);
    } catch (error) {
      expect(error).toBeInstanceOf(SealwrightError);
    }
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(2000);
  });

  it('reads a tag that came before as it reads it for the first time', () => {
    const tag = `<A b="1 &amp; 2" c='>'><B d="x" e="y"/></A>`;
    const first = parseXml(tag);
    expect(parseXml(tag)).toEqual(first);
    expect(first.attributes).toEqual({ b: '1 & 2', c: '>' });
    const later = parseXml(`<X> ${tag}</X>`).children[0]!;
    expect(later.attributes).toEqual(first.attributes);
    expect(later.children[0]).toMatchObject({ name: 'B', attributes: { d: 'x', e: 'y' }, text: '' });
    expect(later.children[0]!.start).toBe(first.children[0]!.start + 4);
    // The limit is the caller's, whoever read the tag before.
    expect(() => parseXml(tag, { attributes: 1 })).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    );
    for (const at of [0, 5])
      expect(() => parseXml(`${' '.repeat(at)}<A b="1" b="1"/>`)).toThrow(
        expect.objectContaining({ code: 'MALFORMED_LICENSE', details: { offset: at + 9 } }),
      );
  });

  it('reads more different tags than it remembers', () => {
    const tags = Array.from({ length: 1500 }, (_, i) => `<A n="${i}"/>`);
    for (let time = 0; time < 2; time++)
      expect(parseXml(`<X>${tags.join('')}</X>`).children.map(({ attributes }) => attributes.n)).toEqual(
        tags.map((_, i) => String(i)),
      );
  });

  it('reads back whatever the writer writes', () => {
    interface Tree {
      name: string;
      attributes: Record<string, string>;
      children: (Tree | string)[];
    }
    const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/);
    const value = fc
      .string({ unit: 'binary', maxLength: 20 })
      .filter((text) => !/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(text));
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.record({
        name,
        attributes: fc.dictionary(name, value, { maxKeys: 4 }),
        children: fc.array(fc.oneof({ maxDepth: 4 }, value, tie('tree')), { maxLength: 4 }),
      }),
    }));
    const write = (node: Tree): XmlMarkup =>
      element(
        node.name,
        node.attributes,
        ...node.children.map((child) => (typeof child === 'string' ? child : write(child))),
      );
    const check = (node: Tree, parsed: XmlElement): void => {
      expect(parsed.name).toBe(node.name);
      expect({ ...parsed.attributes }).toEqual({ ...node.attributes });
      expect(parsed.text).toBe(node.children.filter((child) => typeof child === 'string').join(''));
      const trees = node.children.filter((child) => typeof child !== 'string');
      expect(parsed.children.length).toBe(trees.length);
      for (const [index, child] of trees.entries()) check(child, parsed.children[index]!);
    };
    fc.assert(
      fc.property(tree, (node) => {
        const { xml } = write(node);
        check(node, parseXml(xml));
      }),
      { numRuns: 150 },
    );
  });

  it('answers any text with elements or a typed error', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '/',
      'A',
      'BODY',
      ' ',
      '"',
      '=',
      '&amp;',
      '&',
      '<!--',
      '-->',
      ']]>',
      '<?xml',
      'x',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        try {
          parseXmlSequence(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(SealwrightError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
