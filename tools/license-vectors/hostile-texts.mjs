const hostile = (name, read, code, why, bytes) => ({ name, read, code, why, bytes });
const utf16 = (text) => Buffer.from(text, 'utf16le');
const label = (inner) =>
  `<XrML xmlns="" version="1.2"><BODY type="Microsoft Rights Label" version="3.0">${inner}</BODY></XrML>`;

/** Texts that are refused before anybody looks at keys. */
export function hostileTexts(good) {
  const text = Buffer.from(good).toString('utf8');
  const body = text.slice(text.indexOf('<BODY'), text.indexOf('</BODY>') + 7);
  const refused = (name, why, bytes, code = 'MALFORMED_LICENSE') =>
    hostile(name, 'publishing-license', code, why, bytes);
  const inFront = (declarations) =>
    text.replace('<XrML', () => `${declarations}<XrML`).replace(/^\uFEFF/, '');
  const entities = Array.from({ length: 10 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join(
    '',
  );
  return [
    refused('empty', 'nothing at all', ''),
    refused('nul-only', 'nothing but padding', Buffer.alloc(64)),
    refused('not-xml', 'words', 'This is not a license.'),
    refused('cut-in-half', 'the first half of a license', Buffer.from(good).subarray(0, good.length >> 1)),
    refused('cut-in-the-last-tag', 'one character is missing', text.slice(0, -1)),
    refused('text-behind', 'text behind the document', `${text}more`),
    refused('nul-inside', 'a NUL between two documents', `${text}\0${text.slice(text.indexOf('<XrML'))}`),
    refused('document-type', 'a document type', inFront('<!DOCTYPE XrML>')),
    refused(
      'entity-bomb',
      'ten entities that each name the one before ten times',
      inFront(`<!DOCTYPE XrML [<!ENTITY e0 "ha">${entities}]>`).replace('alice', '&e10;'),
    ),
    refused(
      'external-entity',
      'an entity that is a file of the reader',
      inFront('<!DOCTYPE XrML [<!ENTITY file SYSTEM "file:///etc/hostname">]>').replace('alice', '&file;'),
    ),
    refused('unknown-entity', 'an entity nobody declared', text.replace('alice', '&owner;')),
    refused(
      'character-reference-to-nul',
      'a reference to a character XML forbids',
      text.replace('alice', '&#0;'),
    ),
    refused(
      'processing-instruction',
      'an instruction between elements',
      text.replace('<BODY', '<?run me?><BODY'),
    ),
    refused('cdata', 'a CDATA section', text.replace('alice@contoso.com', '<![CDATA[alice@contoso.com]]>')),
    refused(
      'attribute-twice',
      'one attribute with two values',
      text.replace('version="3.0"', 'version="3.0" version="4.0"'),
    ),
    refused(
      'two-bodies',
      'a second BODY behind the first',
      text.replace('</BODY>', () => `</BODY>${body}`),
    ),
    refused(
      'body-in-body',
      'a second BODY inside the first',
      text.replace('</BODY>', () => `${body}</BODY>`),
    ),
    refused(
      'body-in-a-comment',
      'a second BODY where only some readers see it',
      text.replace('<BODY', () => `<!--${body}--><BODY`),
    ),
    refused(
      'comment-inside-a-name',
      'an address that two readers read differently',
      text.replace('alice@contoso.com', 'alice@contoso.com<!---->.example.net'),
    ),
    refused(
      'lone-surrogate',
      'UTF-16 with half of a pair',
      Buffer.concat([
        utf16(`\uFEFF${label('<ISSUEDTIME>')}`.replace('</BODY></XrML>', '')),
        Buffer.from([0x00, 0xd8]),
        utf16('</ISSUEDTIME></BODY></XrML>'),
      ]),
    ),
    refused('half-a-character', 'UTF-16 of an odd length', utf16(`\uFEFF${label('')}`).subarray(0, -1)),
    refused('utf-16be', 'UTF-16 with the high byte first', utf16(`\uFEFF${label('')}`).swap16()),
    refused(
      'not-utf-8',
      'a byte that starts nothing',
      Buffer.concat([Buffer.from(label('')), Buffer.from([0xff])]),
    ),
    refused(
      'end-that-is-no-time',
      'an UNTIL that nobody can read',
      text.replace(/<UNTIL>[^<]*/, '<UNTIL>never'),
    ),
    refused(
      'no-publishing-license',
      'a document of another kind',
      '<XrML version="1.2"><BODY type="LICENSE" /></XrML>',
    ),
    refused(
      'nested-33-deep',
      'one level too many',
      label(`${'<A>'.repeat(31)}${'</A>'.repeat(31)}`),
      'LIMIT_EXCEEDED',
    ),
    refused('nested-very-deep', 'to exhaust a stack', label('<A>'.repeat(20_000)), 'LIMIT_EXCEEDED'),
    refused(
      '17-attributes',
      'one attribute too many',
      label(`<A ${Array.from({ length: 17 }, (_, i) => `a${i}="" `).join('')}/>`),
      'LIMIT_EXCEEDED',
    ),
    refused(
      '20001-elements',
      'more elements than any license has',
      label('<A/>'.repeat(20_000)),
      'LIMIT_EXCEEDED',
    ),
    refused('33-documents', 'one document too many', label('').repeat(33), 'LIMIT_EXCEEDED'),
  ];
}
