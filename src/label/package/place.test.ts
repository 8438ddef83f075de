import fc from 'fast-check';
import { strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { encodeUtf16le, memorySource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { changeLabels } from '../change-labels.ts';
import type { LabelChange } from '../label-change.ts';
import { readLabels } from '../read-labels.ts';

import {
  changed,
  customOf,
  id,
  infoLabel,
  infoOf,
  label,
  labelInfoType,
  labelProperties,
  officeNs,
  otherSite,
  property,
  removedMark,
  second,
  site,
  sourceOf,
  withLabels,
  workbook,
} from './workbook.test-support.ts';

describe('labels of Office Open XML documents', () => {
  it('are put into LabelInfo and into custom properties of a document without labels', async () => {
    const { labels, text, files } = await changed(workbook, { set: label });
    expect(labels).toMatchObject([
      {
        id,
        siteId: site,
        name: label.name,
        enabled: true,
        method: 'Privileged',
        contentBits: 8,
        setDate: '1970-01-01T00:00:00Z',
      },
    ]);
    expect(Object.keys(files)).toEqual([
      ...Object.keys(workbook),
      'docMetadata/LabelInfo.xml',
      'docProps/custom.xml',
    ]);
    expect(text('docMetadata/LabelInfo.xml')).toBe(
      infoOf(
        `<clbl:label id="{${id}}" enabled="1" method="Privileged" siteId="{${site}}" contentBits="8" removed="0" />`,
      ),
    );
    expect(text('_rels/.rels')).toBe(
      workbook['_rels/.rels']?.replace(
        '</Relationships>',
        `<Relationship Id="rId2" Type="${labelInfoType}" Target="docMetadata/LabelInfo.xml"/><Relationship Id="rId3" Type="${officeNs}/relationships/custom-properties" Target="docProps/custom.xml"/></Relationships>`,
      ),
    );
    expect(text('[Content_Types].xml')).toBe(
      workbook['[Content_Types].xml']?.replace(
        '</Types>',
        '<Override PartName="/docMetadata/LabelInfo.xml" ContentType="application/vnd.ms-office.classificationlabels+xml"/><Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/></Types>',
      ),
    );
    expect(text('docProps/custom.xml')).toContain(
      `pid="5" name="MSIP_Label_${id}_Name"><vt:lpwstr>Secret &amp; "more" &lt;é&gt;</vt:lpwstr>`,
    );
  });

  it('stay in LabelInfo where only that is in use, and in properties where only those are', async () => {
    const info = await changed(withLabels(infoOf(infoLabel(second)), customOf(property(2, 'A', 'b'))), {
      set: { id, siteId: site },
    });
    expect(info.text('docProps/custom.xml')).toBe(customOf(property(2, 'A', 'b')));
    expect(info.labels.map((each) => each.id)).toEqual([id]);
    // A name has no field in LabelInfo, and is not to be lost.
    const named = await changed(withLabels(infoOf(infoLabel(second)), customOf(property(2, 'A', 'b'))), {
      set: { id, siteId: site, name: 'General' },
    });
    expect(named.labels).toMatchObject([{ id, name: 'General' }]);
    const properties = await changed(
      withLabels(undefined, customOf(property(2, 'A', 'b') + labelProperties)),
      {
        set: { id: second, siteId: site, name: 'Other' },
      },
    );
    expect(Object.keys(properties.files)).not.toContain('docMetadata/LabelInfo.xml');
    expect(properties.labels).toMatchObject([{ id: second, name: 'Other' }]);
    expect(properties.text('docProps/custom.xml')).toBe(
      customOf(
        property(2, 'A', 'b') +
          property(10, `MSIP_Label_${second}_Enabled`, 'true') +
          property(11, `MSIP_Label_${second}_Method`, 'Standard') +
          property(12, `MSIP_Label_${second}_Name`, 'Other') +
          property(13, `MSIP_Label_${second}_SiteId`, site) +
          property(14, 'Sensitivity', 'Other'),
      ),
    );
  });

  it('are removed from both places, with a mark in LabelInfo', async () => {
    const { labels, text } = await changed(
      withLabels(infoOf(infoLabel(id)), customOf(labelProperties + property(12, 'A', 'b'))),
      { remove: 'all' },
    );
    expect(text('docMetadata/LabelInfo.xml')).toBe(infoOf(removedMark()));
    expect(text('docProps/custom.xml')).toBe(customOf(property(12, 'A', 'b')));
    expect(labels).toMatchObject([{ siteId: site, removed: true, enabled: false }]);
  });

  it('count as LabelInfo states them; properties count for other tenants, and add what LabelInfo cannot say', async () => {
    const foreign =
      property(20, `MSIP_Label_${second}_Enabled`, 'true') +
      property(21, `MSIP_Label_${second}_SiteId`, otherSite);
    const stale =
      property(22, `MSIP_Label_${otherSite}_Enabled`, 'true') +
      property(23, `MSIP_Label_${otherSite}_SiteId`, site);
    const custom = customOf(labelProperties + foreign + stale);
    const both = await readLabels(sourceOf(withLabels(infoOf(infoLabel(id)), custom)));
    expect(both).toMatchObject([
      { id, name: 'General', method: 'Standard' },
      { id: second, siteId: otherSite },
    ]);
    const marked = await readLabels(sourceOf(withLabels(infoOf(removedMark()), custom)));
    expect(marked.map((each) => [each.id, each.removed])).toEqual([
      [site, true],
      [second, false],
    ]);
    // An empty or unreadable LabelInfo says nothing.
    for (const info of [infoOf(''), '<x'])
      expect(await readLabels(sourceOf(withLabels(info, custom)))).toHaveLength(3);
  });

  it('give the same source back when a document says so already', async () => {
    const source = sourceOf(withLabels(infoOf(infoLabel(id)), undefined));
    expect(await changeLabels(source, { remove: second })).toBe(source);
    expect(await changeLabels(source, { set: { id, siteId: site } })).toBe(source);
    const labelled = await changeLabels(sourceOf(withLabels(undefined, customOf(property(2, 'A', 'b')))), {
      set: label,
    });
    expect(await changeLabels(labelled, { set: label })).toBe(labelled);
    const bare = sourceOf(workbook);
    expect(await changeLabels(bare, { remove: 'all' })).toBe(bare);
  });

  it.each<[string, (parts: Record<string, string>) => Record<string, string | Uint8Array>]>([
    [
      'UTF-16 parts',
      (parts) =>
        Object.fromEntries(
          Object.entries(parts).map(([name, text]) => [
            name,
            encodeUtf16le(`\ufeff${text.replace(/UTF-8/i, 'UTF-16')}`),
          ]),
        ),
    ],
    [
      'byte-order marks',
      (parts) => Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, `\ufeff${text}`])),
    ],
    [
      'no declarations',
      (parts) =>
        Object.fromEntries(
          Object.entries(parts).map(([name, text]) => [name, text.replace(/<\?.*?\?>\s*/, '')]),
        ),
    ],
    [
      'comments around the roots',
      (parts) =>
        Object.fromEntries(
          Object.entries(parts).map(([name, text]) => [
            name,
            `${text.replace('?>', '?><!-- <a> & -->')}<!-- end -->`,
          ]),
        ),
    ],
    [
      'prefixes',
      (parts) => ({
        ...parts,
        '_rels/.rels': (parts['_rels/.rels'] as string)
          .replace(/<(\/?)Rel/g, '<$1r:Rel')
          .replace('xmlns=', 'xmlns:r='),
        '[Content_Types].xml': (parts['[Content_Types].xml'] as string)
          .replace(/<(\/?)(Types|Default)/g, '<$1t:$2')
          .replace('xmlns=', 'xmlns:t='),
        'docProps/custom.xml': (parts['docProps/custom.xml'] as string)
          .replace(/<(\/?)(propert)/gi, '<$1p:$2')
          .replace('xmlns=', 'xmlns:p=')
          .replaceAll('vt:', 'v:')
          .replace('xmlns:vt', 'xmlns:v'),
      }),
    ],
    [
      'other names of parts',
      (parts) => {
        const { 'docProps/custom.xml': custom, 'docMetadata/LabelInfo.xml': info, ...others } = parts;
        return {
          ...others,
          '_rels/.rels': (parts['_rels/.rels'] as string)
            .replace('/docProps/custom.xml', './x/../MY%20Props.xml')
            .replace('docMetadata/LabelInfo.xml', '/Labels.XML'),
          'My Props.xml': custom as string,
          'labels.xml': info as string,
        };
      },
    ],
  ])('are read and changed in documents with %s', async (_, form) => {
    const parts = form(withLabels(infoOf(infoLabel(id)), customOf(labelProperties)));
    expect(await readLabels(sourceOf(parts))).toMatchObject([{ id, name: 'General' }]);
    const { labels, files } = await changed(parts, { set: { id: second, siteId: otherSite, name: 'New' } });
    expect(labels.map((each) => each.name)).toEqual(['General', 'New']);
    expect(Object.keys(files)).toEqual(Object.keys(parts));
    const gone = await changed(parts, { remove: 'all' });
    expect(gone.labels).toMatchObject([{ siteId: site, removed: true }]);
    const fresh = await changed(form({ ...withLabels(undefined, customOf('')) }), { set: label });
    expect(fresh.labels).toMatchObject([{ id, name: label.name, contentBits: 8 }]);
  });

  it('are written into a Strict document with the names of Strict', async () => {
    const strict = {
      ...workbook,
      '_rels/.rels': (workbook['_rels/.rels'] as string).replace(
        officeNs,
        'http://purl.oclc.org/ooxml/officeDocument',
      ),
    };
    const { labels, text } = await changed(strict, { set: label });
    expect(labels).toMatchObject([{ id, name: label.name }]);
    expect(text('_rels/.rels')).toContain(
      'http://purl.oclc.org/ooxml/officeDocument/relationships/customProperties',
    );
    expect(text('docProps/custom.xml')).toContain(
      'xmlns="http://purl.oclc.org/ooxml/officeDocument/customProperties"',
    );
  });

  it.each<[string, string, Record<string, string>]>([
    ['a signed document', 'UNSUPPORTED_FORMAT', { '_xmlsignatures/origin.sigs': '' }],
    ['a signed package of NuGet', 'UNSUPPORTED_FORMAT', { '.signature.p7s': '' }],
    ['damaged relationships', 'MALFORMED_CONTAINER', { '_rels/.rels': '<x' }],
    ['damaged types', 'MALFORMED_CONTAINER', { '[Content_Types].xml': '<!DOCTYPE x><x/>' }],
    ['damaged properties', 'MALFORMED_CONTAINER', { ...withLabels(undefined, '<Properties>') }],
    ['damaged LabelInfo', 'MALFORMED_CONTAINER', { ...withLabels('<x/>', undefined) }],
    [
      'two parts of one name',
      'MALFORMED_CONTAINER',
      { ...withLabels(infoOf(''), undefined), 'DOCMETADATA/labelinfo.xml': '' },
    ],
  ])('are refused by %s', async (_, code, parts) => {
    await expect(changed({ ...workbook, ...parts }, { set: label })).rejects.toThrow(
      expect.objectContaining({ code }),
    );
  });

  it.each(['us-ascii', 'ISO-8859-1'])(
    'keep their letters in a part that says it is in %s',
    async (encoding) => {
      const custom = customOf(property(2, 'Client', 'Contoso')).replace('UTF-8', encoding);
      const result = await changed(withLabels(undefined, custom), {
        set: { ...label, name: 'Caf\u00e9 \u{1f600}' },
      });
      expect(result.labels[0]?.name).toBe('Caf\u00e9 \u{1f600}');
      expect(result.files['docProps/custom.xml']?.every((byte) => byte < 0x80)).toBe(true);
    },
  );

  it('never take the place of a part that nothing relates to', async () => {
    const result = await changed({ ...workbook, 'docProps/custom.xml': 'of somebody else' }, { set: label });
    expect(result.text('docProps/custom.xml')).toBe('of somebody else');
    expect(result.text('docProps/custom2.xml')).toContain('MSIP_Label_');
    expect(result.text('_rels/.rels')).toContain('"docProps/custom2.xml"');
    expect(result.text('[Content_Types].xml')).toContain('"/docProps/custom2.xml"');
    expect(result.labels[0]?.id).toBe(label.id);
  });

  it('are refused by an archive that is no document, and by a file of another kind', async () => {
    await expect(changed({ 'a.txt': 'a' }, { set: label })).rejects.toThrow(/no Office document/);
    const text = memorySource(strToU8('hello'));
    expect(await readLabels(text)).toEqual([]);
    await expect(changeLabels(text, { set: label }, { name: 'a.txt' })).rejects.toThrow(
      /a\.txt.*Word, Excel/,
    );
  });

  it('come back as set, and leave no trace in the text of a document when removed', async () => {
    const words = fc
      .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
      .filter((text) => !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(text));
    await fc.assert(
      fc.asyncProperty(
        fc.record({ id: fc.uuid(), siteId: fc.uuid(), name: words, contentBits: fc.nat(15), owner: words }),
        fc.boolean(),
        async (set, spaced) => {
          const custom = customOf(property(2, 'A', 'b')).replace(
            '</Properties>',
            spaced ? '\n</Properties>' : '</Properties>',
          );
          const once = await changed(withLabels(undefined, custom), { set });
          expect(once.labels).toMatchObject([{ ...set, enabled: true, method: 'Standard' }]);
          const { 'docMetadata/LabelInfo.xml': _, ...parts } = once.files;
          const without = await changed(parts, { remove: set.id });
          expect(without.text('docProps/custom.xml')).toBe(custom);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('give an answer or a typed error for any change of the parts', async () => {
    const original = withLabels(infoOf(infoLabel(id)), customOf(labelProperties));
    const names = ['_rels/.rels', '[Content_Types].xml', 'docMetadata/LabelInfo.xml', 'docProps/custom.xml'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.array(fc.tuple(fc.nat(1500), fc.nat(255)), { maxLength: 5 }),
        fc.constantFrom<LabelChange>(
          { set: label },
          { set: { id: second, siteId: otherSite } },
          { remove: 'all' },
        ),
        async (name, changes, change) => {
          const part = strToU8(original[name] as string);
          for (const [at, value] of changes) part[at % part.length] = value;
          const parts = { ...original, [name]: part };
          for (const each of await readLabels(sourceOf(parts))) expect(each.id).toMatch(/^[0-9a-f-]{36}$/);
          try {
            const { labels } = await changed(parts, change);
            if ('set' in change) expect(labels.map((each) => each.id)).toContain(change.set.id);
            else expect(labels.filter((each) => each.enabled)).toEqual([]);
          } catch (error) {
            if (!(error instanceof SealwrightError)) throw error;
            expect(['MALFORMED_CONTAINER', 'UNSUPPORTED_FORMAT']).toContain(error.code);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
