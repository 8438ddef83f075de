import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8, encodeUtf16le, maxima } from '../bytes/index.ts';
import type { NewLabel } from './label-change.ts';
import { changeLabelInfo, isLabelInfo, readLabelInfo } from './label-info.ts';

const id = '10000000-0000-4000-8000-000000000001';
const second = '10000000-0000-4000-8000-000000000002';
const site = '11111111-2222-3333-4444-555555555555';
const otherSite = '99999999-2222-3333-4444-555555555555';
const ns = 'http://schemas.microsoft.com/office/2020/mipLabelMetadata';

const label: NewLabel = { id, siteId: site, name: 'Confidential', method: 'Privileged', contentBits: 8 };

/** As Office writes it: every sample of a labelled workbook has this form. */
const office = `<?xml version="1.0" encoding="utf-8" standalone="yes"?><clbl:labelList xmlns:clbl="${ns}"><clbl:label id="{${id}}" enabled="1" method="Privileged" siteId="{${site}}" contentBits="8" removed="0" /></clbl:labelList>`;

const text = (bytes: Uint8Array) => decodeUtf8(bytes);
const change = (xml: string | undefined, how: Parameters<typeof changeLabelInfo>[1]) =>
  text(changeLabelInfo(xml === undefined ? undefined : encodeUtf8(xml), how));

describe('LabelInfo', () => {
  it('is written byte for byte as Office writes it', () => {
    expect(change(undefined, { set: label })).toBe(office);
    expect(change(office, { set: label })).toBe(office);
  });

  it('says no bits where none are given', () => {
    const written = change(undefined, { set: { id, siteId: site } });
    expect(written).toContain(`method="Standard" siteId="{${site}}" removed="0" />`);
    expect(readLabelInfo(encodeUtf8(written))).toMatchObject([
      { id, contentBits: undefined, method: 'Standard' },
    ]);
  });

  it('is read with any prefix, in UTF-8 and UTF-16, with and without a byte-order mark, filled up with zeros', () => {
    const forms = [
      office,
      office.replaceAll('clbl:', '').replace('xmlns:clbl', 'xmlns'),
      office.replaceAll('clbl', 'x'),
    ];
    for (const form of forms) {
      const wide = encodeUtf16le(form);
      const big = wide.slice();
      for (let i = 0; i < big.length; i += 2) big.set([wide[i + 1]!, wide[i]!], i);
      const marked = Uint8Array.of(0xfe, 0xff, ...big);
      for (const bytes of [
        encodeUtf8(form),
        encodeUtf8(`\ufeff${form}\0\0`),
        wide,
        encodeUtf16le(`\ufeff${form}`),
        big,
        marked,
      ]) {
        expect(isLabelInfo(bytes)).toBe(true);
        expect(readLabelInfo(bytes)).toEqual([
          {
            id,
            name: undefined,
            enabled: true,
            removed: false,
            siteId: site,
            parentId: undefined,
            owner: undefined,
            setDate: undefined,
            method: 'Privileged',
            contentBits: 8,
            application: undefined,
            extended: {},
          },
        ]);
        const changed = changeLabelInfo(bytes, { remove: 'all' });
        expect(changed.subarray(0, 2)).toEqual(bytes.subarray(0, 2));
        expect(readLabelInfo(changed)).toMatchObject([
          { id: site, siteId: site, removed: true, enabled: false },
        ]);
      }
    }
  });

  it('keeps what it does not know when a label changes', () => {
    const extension = `<extLst><ext uri="{x}"><a:b xmlns:a="urn:a">1</a:b></ext></extLst>`;
    const foreign = `<label id="{${second.toUpperCase()}}" enabled="true" method="" siteId="{${otherSite}}" removed="false" x="y"/>`;
    const wrap = (inside: string) =>
      `<!-- made by hand -->\n<labelList xmlns="${ns}">\n  ${inside}${extension}\n</labelList>\n<!-- end -->`;
    const mine = `<label id="{${id}}" enabled="1" method="Privileged" siteId="{${site}}" contentBits="8" removed="0" />`;
    expect(change(wrap(foreign), { set: label })).toBe(wrap(foreign + mine));
    expect(change(wrap(''), { set: label })).toBe(wrap(mine));
    expect(change(`<labelList xmlns="${ns}" />`, { set: label })).toBe(
      `<labelList xmlns="${ns}">${mine}</labelList>`,
    );
    expect(change(wrap(foreign + mine), { remove: id })).toBe(
      wrap(`${foreign}<label id="{${site}}" enabled="0" method="" siteId="{${site}}" removed="1" />`),
    );
  });

  it('holds one label of each tenant, and one mark of removal', () => {
    const next = change(office, { set: { ...label, id: second } });
    expect(readLabelInfo(encodeUtf8(next)).map((each) => each.id)).toEqual([second]);
    const two = change(office, { set: { id: second, siteId: otherSite } });
    expect(readLabelInfo(encodeUtf8(two)).map((each) => each.id)).toEqual([id, second]);
    const none = change(two, { remove: 'all' });
    expect(readLabelInfo(encodeUtf8(none)).map((each) => [each.id, each.removed])).toEqual([
      [site, true],
      [otherSite, true],
    ]);
    expect(change(none, { remove: 'all' })).toBe(none);
    expect(readLabelInfo(encodeUtf8(change(none, { set: label }))).map((each) => each.id)).toEqual([
      id,
      otherSite,
    ]);
  });

  it('stays the same array when nothing changes', () => {
    const bytes = encodeUtf8(office);
    expect(changeLabelInfo(bytes, { remove: second })).toBe(bytes);
  });

  it.each([
    ['nothing', ''],
    ['text', 'labels'],
    ['another namespace', office.replace('2020', '2021')],
    ['a prefix that is not declared', office.replace('xmlns:clbl', 'xmlns:x')],
    ['a document type', office.replace('?>', '?><!DOCTYPE labelList []>')],
    ['an end that is missing', office.slice(0, -3)],
    ['an id that is none', office.replace(id, 'x')],
    ['nested elements without end', '<a>'.repeat(10_000)],
    ['too much', ' '.repeat(maxima.partBytes + 1)],
    ['an encoding we do not read', office.replace('utf-8', 'shift_jis').replace('Privileged', '\u00e9')],
  ])('gives no labels for %s, without an error', (_, xml) => {
    expect(readLabelInfo(encodeUtf8(xml))).toEqual([]);
  });

  it('is not changed where it is damaged', () => {
    expect(() => change('<x', { set: label })).toThrow(
      expect.objectContaining({ code: 'MALFORMED_CONTAINER' }),
    );
  });

  it('gives an answer or a typed error for any change of its bytes', () => {
    const original = encodeUtf8(
      office.replace(
        '</clbl:labelList>',
        `<clbl:label id="{${second}}" enabled="0" method="" siteId="{${otherSite}}" removed="1"/><clbl:extLst/></clbl:labelList>`,
      ),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { maxLength: 6 }),
        fc.nat(original.length * 3),
        (changes, length) => {
          const bytes = original.slice(0, length < original.length ? length : original.length);
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          for (const each of readLabelInfo(bytes)) expect(each.id).toMatch(/^[0-9a-f-]{36}$/);
          try {
            const changed = changeLabelInfo(bytes, { set: label });
            expect(readLabelInfo(changed).find((each) => each.id === id)).toMatchObject({
              enabled: true,
              siteId: site,
            });
          } catch (error) {
            expect(error).toMatchObject({ code: 'MALFORMED_CONTAINER' });
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
