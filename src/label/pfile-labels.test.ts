import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8, maxima, memorySource } from '../bytes/index.ts';
import { pfileFormat } from '../container/index.ts';
import type { LabelMetadata } from './label.ts';
import { readPfileLabels, writePfileLabels } from './pfile-labels.ts';

const parent = '10000000-0000-4000-8000-000000000001';
const child = '10000000-0000-4000-8000-000000000002';
const site = '11111111-2222-3333-4444-555555555555';

const packet = (description: string, padding = '\n   \n'): Uint8Array =>
  encodeUtf8(
    `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
${description}
</rdf:RDF></x:xmpmeta>${padding}<?xpacket end="w"?>\0\0\0\0`,
  );

const structured = `<rdf:Description rdf:about=""
  xmlns:a="http://www.microsoft.com/msip/1.0/"
  xmlns:b="http://www.microsoft.com/msip/label/1.0/"
  xmlns:c="http://www.microsoft.com/msip/label/extended/1.0/">
  <a:sensitivity>Confidential Staff</a:sensitivity>
  <a:labels><rdf:Bag>
    <rdf:li rdf:parseType="Resource"><b:Id>${parent}</b:Id><b:Name>Confidential</b:Name><b:Enabled>True</b:Enabled></rdf:li>
    <rdf:li><rdf:Description b:Id="{${child.toUpperCase()}}" b:Name="Staff &amp; friends" b:Enabled="False" b:ParentId="${parent}">
      <b:SiteId>${site}</b:SiteId><b:Ref>https://example.com/</b:Ref><b:Owner>alice@contoso.com</b:Owner>
      <b:SetDate>2017-08-30T12:55:15.0463254+03:00</b:SetDate><b:Application>Some application</b:Application>
      <b:extended><rdf:Bag><rdf:li rdf:parseType="Resource"><c:Vendor>MSFT</c:Vendor><c:Key>Method</c:Key><c:Value>Manual</c:Value></rdf:li></rdf:Bag></b:extended>
    </rdf:Description></rdf:li>
    <rdf:li rdf:parseType="Resource"><b:Id>not a label id</b:Id></rdf:li>
  </rdf:Bag></a:labels>
</rdf:Description>`;

const flat = `<rdf:Description rdf:about="" xmlns:msip="http://www.microsoft.com/msip/1.0/"
  msip:Sensitivity="General"
  msip:MSIP_Label_${child}_Enabled="true"
  msip:MSIP_Label_${child}_SiteId="${site}"
  msip:MSIP_Label_${child}_Parent="${parent}"
  msip:MSIP_Label_${child}_SetBy="bob@contoso.com"
  msip:MSIP_Label_${child}_DateCreated="2018-11-08T21:13:16Z"
  msip:MSIP_Label_${child}_Method="Privileged"
  msip:MSIP_Label_${child}_ContentBits="8"
  msip:MSIP_Label_${child}_Extended_MSFT_Method="Manual"
  msip:MSIP_Label_${child}___proto__="x">
  <msip:MSIP_Label_${child}_Name>General</msip:MSIP_Label_${child}_Name>
</rdf:Description>`;

describe('labels in the metadata of a PFILE', () => {
  it('are read from the structured form, whatever its prefixes', () => {
    expect(readPfileLabels(packet(structured))).toEqual([
      {
        id: parent,
        name: 'Confidential',
        enabled: true,
        removed: false,
        extended: {},
      },
      {
        id: child,
        name: 'Staff & friends',
        enabled: false,
        removed: false,
        siteId: site,
        parentId: parent,
        owner: 'alice@contoso.com',
        setDate: '2017-08-30T12:55:15.0463254+03:00',
        method: 'Manual',
        application: 'Some application',
        extended: { Ref: 'https://example.com/', MSFT_Method: 'Manual' },
      },
    ]);
  });

  it('are read from the flat form, older names included', () => {
    const [label, ...others] = readPfileLabels(packet(flat));
    expect(others).toEqual([]);
    expect(label).toMatchObject({
      id: child,
      name: 'General',
      enabled: true,
      siteId: site,
      parentId: parent,
      owner: 'bob@contoso.com',
      setDate: '2018-11-08T21:13:16Z',
      method: 'Privileged',
      contentBits: 8,
      application: undefined,
    });
    expect(Object.entries(label?.extended ?? {})).toEqual([
      ['MSFT_Method', 'Manual'],
      ['__proto__', 'x'],
    ]);
  });

  it('are each given once when both forms name them', () => {
    expect(readPfileLabels(packet(structured + flat)).map((label) => label.id)).toEqual([parent, child]);
  });

  it('are read without the outer element too', () => {
    const bare = `<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${structured.replaceAll('rdf:', 'r:')}</r:RDF>`;
    expect(readPfileLabels(encodeUtf8(bare))).toHaveLength(2);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['zero bytes', new Uint8Array(1024)],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x3c)],
    ['another packet', packet('<rdf:Description xmlns:x="urn:x" x:a="b"/>')],
    ['names in another namespace', packet(flat.replace('microsoft.com', 'example.com'))],
    ['a packet that is cut', packet(structured).subarray(0, 600)],
    ['a document type', encodeUtf8('<!DOCTYPE x [<!ENTITY a "b">]><rdf:RDF>&a;</rdf:RDF>')],
    ['an unknown entity', packet(structured.replace('&amp;', '&evil;'))],
    ['elements nested too deep', packet('<a>'.repeat(5000) + '</a>'.repeat(5000))],
    ['opening tags only', encodeUtf8('<rdf:RDF '.repeat(100_000))],
    ['too much', new Uint8Array(maxima.metadataBytes).fill(0x3c)],
  ])('are none in %s, without an error', (_, metadata) => {
    expect(readPfileLabels(metadata)).toEqual([]);
  });

  it('are read in a moment from a packet as full as the limits allow', () => {
    const name = (i: number) => `msip:MSIP_Label_${child}_A${i}`;
    const facts = Array.from({ length: 8000 }, (_, i) => `<${name(i)}>x</${name(i)}>`).join('');
    const start = process.cpuUsage();
    const [label] = readPfileLabels(packet(flat.replace('</rdf:Description>', `${facts}</rdf:Description>`)));
    expect(Object.keys(label?.extended ?? {})).toHaveLength(8002);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(10_000);
  });

  it('never make the reader fail or run on when bytes change', () => {
    const original = packet(structured + flat);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(original.length),
        (changes, length) => {
          const bytes = original.slice(0, length % 3 === 0 ? length : original.length);
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          for (const label of readPfileLabels(bytes)) expect(label.id).toMatch(/^[0-9a-z-]{36}$/);
        },
      ),
      { numRuns: 400 },
    );
  });
});

const guids = fc.uuid();
const texts = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((text) => text.trim() === text && !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(text));
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const label: fc.Arbitrary<LabelMetadata> = fc.record({
  id: guids,
  name: maybe(texts),
  enabled: fc.boolean(),
  removed: fc.constant(false),
  siteId: maybe(guids),
  parentId: maybe(guids),
  owner: maybe(texts),
  setDate: maybe(fc.constantFrom('2026-11-21T17:00:00Z', '2017-08-30T12:55:15.0463254+03:00')),
  method: maybe(fc.constantFrom('Standard', 'Privileged')),
  contentBits: maybe(fc.constantFrom(0, 8, 0xffff_ffff)),
  application: maybe(texts),
  extended: fc.dictionary(fc.constantFrom('MSFT_Other', 'Ref', 'ActionId', 'Own_Fact', 'x'), texts),
});

describe('labels written for a PFILE', () => {
  it('read back as they were', () => {
    fc.assert(
      fc.property(fc.uniqueArray(label, { selector: ({ id }) => id, maxLength: 4 }), (labels) => {
        expect(readPfileLabels(writePfileLabels(labels))).toEqual(labels);
      }),
      { numRuns: 300 },
    );
  });

  it('stand in a padded packet in the form of real files, with the path that people read', () => {
    const labels = readPfileLabels(
      packet(structured.replace('>Confidential Staff<', '><').replace('"False"', '"True"')),
    );
    const text = new TextDecoder().decode(writePfileLabels(labels));
    expect(text).toContain('<msip:sensitivity>Confidential Staff &amp; friends</msip:sensitivity>');
    expect(text).toMatch(/\s{2000}<\?xpacket end="w"\?>$/);
    expect(text.replace(/\s+/g, ' ')).toContain(
      '<msip-label-extended:Vendor>MSFT</msip-label-extended:Vendor> <msip-label-extended:Key>Method</msip-label-extended:Key> <msip-label-extended:Value>Manual</msip-label-extended:Value>',
    );
  });

  it('are no bytes when there are none, or only marks of removal', () => {
    const [first] = readPfileLabels(packet(flat));
    expect(writePfileLabels([])).toHaveLength(0);
    expect(writePfileLabels([{ ...(first as LabelMetadata), removed: true, enabled: false }])).toHaveLength(
      0,
    );
  });
});

const samples = '../shared/data/samples';

describe.skipIf(!existsSync(samples))('labels of real PFILEs (skipped without ../shared/data)', () => {
  it('have the expected ids, in files with and without a packet', async () => {
    const all = JSON.parse(readFileSync(`${samples}/expected.json`, 'utf8')) as Record<
      string,
      { readonly header?: unknown; readonly metadataLabelIds?: readonly string[] }
    >;
    let labeled = 0;
    for (const [name, entry] of Object.entries(all)) {
      if (!name.startsWith('pfile/') || entry.header === undefined) continue;
      const { metadata } = await pfileFormat.read(
        memorySource(new Uint8Array(readFileSync(`${samples}/${name}`))),
      );
      const labels = readPfileLabels(metadata);
      expect(labels.map((label) => label.id)).toEqual(entry.metadataLabelIds ?? []);
      if (labels.length === 0) continue;
      labeled++;
      // Two of the three had their labels taken off: those stay in the packet, not enabled.
      const enabled = new TextDecoder().decode(metadata).includes('Enabled>True<');
      expect(labels.map((label) => label.enabled)).toEqual([enabled, enabled]);
      for (const label of labels)
        expect(Boolean(label.name && label.siteId && label.setDate && label.owner && label.application)).toBe(
          true,
        );
      expect(labels.map((label) => label.method)).toEqual(['Manual', 'Manual']);
      expect(labels[1]?.parentId).toBe(labels[0]?.id);
    }
    expect(labeled).toBe(3);
  });
});
