import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8, encodeUtf16le } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { readPfileLabels } from './pfile-labels.ts';
import { changeXmp } from './xmp-edit.ts';

const own = '10000000-0000-4000-8000-000000000001';
const other = '10000000-0000-4000-8000-000000000002';
const site = '11111111-2222-3333-4444-555555555555';
const otherSite = '11111111-2222-3333-4444-666666666666';
const label = { id: own, siteId: site, name: 'Secret <1> & "2"', method: 'Privileged' } as const;

const options = { form: 'flat', maximum: 100_000 } as const;
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const xmlOf = (packet: string): string =>
  packet.slice(packet.indexOf('<x:xmpmeta'), packet.indexOf('</x:xmpmeta>'));

const head = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n';
const padding = `\n${' '.repeat(1500)}\n`;
const packetOf = (inside: string, end = `${padding}<?xpacket end="w"?>`, start = head): string =>
  `${start}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${inside}</rdf:RDF></x:xmpmeta>${end}`;
const foreign = `<rdf:Description rdf:about='uuid:1 &amp; 2' xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title = 'a > b'
    dc:creator="x"><dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© ä</rdf:li></rdf:Alt></dc:rights></rdf:Description>`;
const msip = 'xmlns:m="http://www.microsoft.com/msip/1.0/"';
const fact = (attribute: string, id: string = own): string => `m:MSIP_Label_${id}_${attribute}`;
const labelled = (id: string, tenant: string): string =>
  `<rdf:Description rdf:about="" ${msip} xmlns:k="urn:k" k:keep='1' ${fact('Enabled', id)}="True"\n ${fact('SiteId', id)} = '${tenant}'>
    <m:Sensitivity>General</m:Sensitivity><${fact('Name', id)}>General</${fact('Name', id)}> <k:also/></rdf:Description>`;
const change = (
  packet: string,
  what: Parameters<typeof changeXmp>[1],
  form: 'flat' | 'structured' = 'flat',
) => changeXmp(encodeUtf8(packet), what, { ...options, form });

describe('changing labels in an XMP packet', () => {
  it('makes a packet where there is none, or only room for one', () => {
    for (const none of [undefined, new Uint8Array(0), new Uint8Array(1024), encodeUtf8(' \n')]) {
      const made = changeXmp(none, { set: label }, options);
      expect(readPfileLabels(made ?? new Uint8Array(0))).toMatchObject([{ ...label, enabled: true }]);
      expect(text(made)).toContain('msip:Sensitivity="Secret &lt;1&gt; &amp; &quot;2&quot;"');
      expect(changeXmp(none, { remove: 'all' }, options)).toBeUndefined();
    }
  });

  it('leaves everything else as it is, and gives the packet back as it was when the label is taken off', () => {
    for (const inside of [
      foreign,
      `\n ${foreign}\n `,
      labelled(other, otherSite),
      foreign + labelled(other, otherSite),
    ]) {
      for (const form of ['flat', 'structured'] as const) {
        const packet = packetOf(inside);
        const set = change(packet, { set: { ...label, name: undefined } }, form);
        expect(readPfileLabels(set as Uint8Array).map(({ id }) => id)).toContain(own);
        expect(text(set)).toContain(inside.trimEnd());
        expect(set).toHaveLength(encodeUtf8(packet).length);
        const removed = changeXmp(set, { remove: own }, { ...options, form });
        expect(xmlOf(text(removed))).toBe(xmlOf(packet));
        expect(removed).toHaveLength(encodeUtf8(packet).length);
      }
    }
  });

  it('takes off attributes and elements under any prefix, and keeps their neighbours', () => {
    const removed = text(change(packetOf(foreign + labelled(own, site)), { remove: 'all' }));
    expect(removed).not.toMatch(/MSIP|Sensitivity/);
    expect(removed).toContain(
      `<rdf:Description rdf:about="" ${msip} xmlns:k="urn:k" k:keep='1'> <k:also/></rdf:Description>`,
    );
    expect(removed).toContain(foreign);
  });

  it('takes off both forms of a label, and what is left of an older form', () => {
    const structured = `<rdf:Description rdf:about="" ${msip} xmlns:l="http://www.microsoft.com/msip/label/1.0/"><m:sensitivity>A</m:sensitivity><m:labels><rdf:Bag>
      <rdf:li rdf:parseType="Resource"><l:Id>${own}</l:Id><l:Name>A</l:Name><l:SiteId>${site}</l:SiteId></rdf:li>
      <rdf:li l:Id="${other}" l:Enabled="true" l:SiteId="${otherSite}"/></rdf:Bag></m:labels><m:Labels><rdf:Bag><rdf:li l:Id="${own}"/></rdf:Bag></m:Labels></rdf:Description>`;
    const removed = change(
      packetOf(structured + labelled(own, site)),
      { remove: own },
      'structured',
    ) as Uint8Array;
    expect(text(removed)).not.toContain(own);
    expect(readPfileLabels(removed).map(({ id }) => id)).toEqual([other]);
    // A bag that is there is used again: no property may stand twice.
    const set = changeXmp(removed, { set: label }, { ...options, form: 'structured' }) as Uint8Array;
    expect(readPfileLabels(set)).toMatchObject([{ id: other }, { ...label, enabled: true }]);
    expect(text(set).match(/:labels>/g)).toHaveLength(2);
    const none = changeXmp(set, { remove: 'all' }, options) as Uint8Array;
    expect(text(none)).not.toMatch(/MSIP|:labels|Sensitivity|<l:/);
  });

  it('says the same of what a description is about as its neighbours', () => {
    expect(text(change(packetOf(foreign), { set: label }))).toContain(
      '<rdf:Description rdf:about="uuid:1 &amp; 2"\n',
    );
  });

  it('finds its place in an empty RDF element, and under prefixes of other writers', () => {
    const empty =
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" /></x:xmpmeta>';
    const bare =
      '<RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><Description about="urn:a"/></RDF>';
    const alone = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>';
    for (const packet of [empty, bare, alone])
      for (const form of ['flat', 'structured'] as const) {
        const set = change(packet, { set: label }, form) as Uint8Array;
        expect(readPfileLabels(set)).toMatchObject([{ ...label, enabled: true }]);
        expect(readPfileLabels(changeXmp(set, { remove: own }, { ...options, form }) as Uint8Array)).toEqual(
          [],
        );
      }
    expect(text(change(bare, { set: label }))).toContain('rdf:about="urn:a" xmlns:rdf=');
  });

  it.each([
    ['little', (packet: string) => encodeUtf16le(packet)],
    ['big', (packet: string) => encodeUtf16le(packet).map((_, i, all) => all[i ^ 1] as number)],
  ])('reads UTF-16 with the %s end first, and writes UTF-8', (_, encode) => {
    for (const start of [
      head,
      `\ufeff${head}`,
      '<?xpacket begin="\ufeff" id="x" bytes="99" encoding="UTF-16"?>',
    ]) {
      const packet = encode(packetOf(foreign + labelled(other, otherSite), undefined, start));
      expect(readPfileLabels(packet)).toMatchObject([{ id: other, name: 'General' }]);
      const set = changeXmp(packet, { set: label }, options) as Uint8Array;
      expect(readPfileLabels(set)).toMatchObject([{ id: other }, { id: own, name: label.name }]);
      expect(text(set)).toContain(foreign);
      expect(text(set)).not.toMatch(/bytes=|encoding=/);
      expect(text(set)).toMatch(/^<\?xpacket begin="\ufeff"/);
    }
  });

  it('uses padding up, makes new padding when it is used up, and none in a packet that has none', () => {
    const room = packetOf(foreign);
    expect(change(room, { set: label })).toHaveLength(encodeUtf8(room).length);
    const tight = packetOf(foreign, '<?xpacket end="w"?>\0\0\0');
    const grown = text(change(tight, { set: label }));
    expect(grown).toMatch(/<\/x:xmpmeta>\s{2049}<\?xpacket end="w"\?>\0\0\0$/);
    for (const end of ['<?xpacket end="r"?>', "<?xpacket end='r'?>\n", '', '\n'])
      expect(text(change(packetOf(foreign, end), { set: label })).endsWith(`</x:xmpmeta>${end}`)).toBe(true);
    const limit = encodeUtf8(grown).length - 2000;
    expect(changeXmp(encodeUtf8(tight), { set: label }, { form: 'flat', maximum: limit })).toHaveLength(
      limit,
    );
  });

  it.each([
    ['no packet', '<html/>'],
    ['a packet that is cut', packetOf(foreign).slice(0, 300)],
    ['a document type', `<!DOCTYPE x>${packetOf('<!DOCTYPE y>')}`],
    ['no RDF', '<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>'],
  ])('is refused where there is %s', (_, packet) => {
    expect(() => change(packet, { set: label })).toThrow(
      expect.objectContaining({
        code: 'MALFORMED_CONTAINER',
        message: expect.stringContaining('metadata editor'),
      }),
    );
  });

  it('does nothing where nothing differs', () => {
    const packet = packetOf(foreign + labelled(other, otherSite));
    expect(change(packet, { remove: own })).toBeUndefined();
    const set = change(packet, { set: label });
    expect(changeXmp(set, { set: label }, options)).toBeUndefined();
  });

  const blanks = ' '.repeat(900_000);
  const members = (count: number): string =>
    Array.from({ length: count }, () => `<rdf:li l:Id='${own}'/>`).join('');
  it.each([
    ['white space in front', packetOf(foreign, undefined, `<?xpacket begin="" ${blanks}?>`), true],
    [
      'half an attribute in front',
      packetOf(foreign, undefined, `<?xpacket ${' bytes="1'.repeat(90_000)}?>`),
      true,
    ],
    ['white space behind', packetOf(foreign, `${blanks}<?xpacket end="w" ${' '.repeat(9000)}`), true],
    ['white space inside', packetOf(`${foreign}${blanks}`), true],
    [
      'one label many times',
      packetOf(
        `<rdf:Description ${msip} xmlns:l="http://www.microsoft.com/msip/label/1.0/"><m:labels><rdf:Bag>${members(15_000)}<rdf:li l:Id="${other}"/></rdf:Bag></m:labels></rdf:Description>`,
      ),
      true,
    ],
    ['too many elements', packetOf(`<rdf:Description>${'<a/>'.repeat(20_001)}</rdf:Description>`), false],
    [
      'too many attributes',
      packetOf(`<rdf:Description ${Array.from({ length: 600 }, (_, i) => `a${i}=""`).join(' ')}/>`),
      false,
    ],
  ])('is done, or refused, without delay in a packet full of %s', (_, packet, readable) => {
    if (!readable) {
      expect(() => change(packet, { set: label })).toThrow(SealwrightError);
      return;
    }
    for (const form of ['flat', 'structured'] as const) {
      const set = change(packet, { set: label }, form) as Uint8Array;
      expect(readPfileLabels(set)).toContainEqual(expect.objectContaining({ ...label, enabled: true }));
      expect(readPfileLabels(changeXmp(set, { remove: 'all' }, { ...options, form }) as Uint8Array)).toEqual(
        [],
      );
    }
  });

  it('gives a typed error or the right labels for any packet that was changed by chance', () => {
    const original = encodeUtf8(
      packetOf(foreign + labelled(own, site) + labelled(other, otherSite), '\n<?xpacket end="w"?>'),
    );
    const pieces = fc.constantFrom(
      '<',
      '>',
      '/>',
      '"',
      "'",
      '&',
      ' xmlns=""',
      '<rdf:Description>',
      '</m:labels>',
      '<!--',
      'rdf:',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.nat(original.length - 1),
            fc.oneof(
              pieces.map((piece) => [...encodeUtf8(piece)]),
              fc.tuple(fc.nat(255)),
            ),
          ),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        fc.constantFrom('flat' as const, 'structured' as const),
        (changes, form) => {
          const bytes = Uint8Array.from(original);
          for (const [at, piece] of changes) bytes.set(piece.slice(0, bytes.length - at), at);
          try {
            const set = changeXmp(bytes, { set: label }, { ...options, form }) ?? bytes;
            const read = readPfileLabels(set);
            expect(read).toContainEqual(expect.objectContaining({ ...label, enabled: true }));
            const none = changeXmp(set, { remove: 'all' }, { ...options, form }) as Uint8Array;
            expect(readPfileLabels(none)).toEqual([]);
          } catch (error) {
            if (!(error instanceof SealwrightError)) throw error;
            expect(error.code).toBe('MALFORMED_CONTAINER');
          }
        },
      ),
      { numRuns: 600 },
    );
  });
});
