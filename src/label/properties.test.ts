import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelProperty, NewLabel } from './label-change.ts';
import {
  changeProperties,
  isLabelProperty,
  labelsFromProperties,
  propertiesFromLabels,
} from './properties.ts';

const id = '10000000-0000-4000-8000-000000000001';
const child = '10000000-0000-4000-8000-000000000002';
const other = '20000000-0000-4000-8000-000000000001';
const site = '11111111-2222-3333-4444-555555555555';
const otherSite = '99999999-2222-3333-4444-555555555555';

const facts = (guid: string, values: Readonly<Record<string, string>>): LabelProperty[] =>
  Object.entries(values).map(([name, value]) => [`MSIP_Label_${guid}_${name}`, value]);

const old: readonly LabelProperty[] = [
  ['Department', 'Sales'],
  ...facts(id, { Enabled: 'True', SiteId: site, Name: 'Confidential' }),
  ['Project', 'x'],
  ...facts(child, { Enabled: 'True', SiteId: site, Name: 'Staff', Parent: id }),
  ['Sensitivity', 'Confidential Staff'],
  ...facts(other, { Enabled: 'true', SiteId: otherSite, Name: 'Foreign' }),
];

const label: NewLabel = { id: `{${id.toUpperCase()}}`, siteId: site, name: 'Public' };
const names = (pairs: readonly LabelProperty[]) => pairs.map(([name]) => name);

describe('labels in document properties', () => {
  it('are grouped by GUID in any case, and keep what nobody knows', () => {
    const labels = labelsFromProperties([
      ['Title', 'a'],
      ...facts(id.toUpperCase(), {
        Enabled: 'TRUE',
        ContentBits: '9',
        EnabledV2: 'x',
        Extended_MSFT_Method: 'Manual',
      }),
      ...facts(id, { SiteId: `{${site}}`, 'a b': 'c' }),
    ]);
    expect(labels).toHaveLength(1);
    expect(labels[0]).toMatchObject({
      id,
      enabled: true,
      removed: false,
      siteId: site,
      contentBits: 9,
      method: 'Manual',
      extended: { EnabledV2: 'x', MSFT_Method: 'Manual', 'a b': 'c' },
    });
  });

  it('keep bits that are no number as they are written', () => {
    const [found] = labelsFromProperties(facts(id, { ContentBits: '0x08' }));
    expect(found).toMatchObject({ contentBits: undefined, extended: { ContentBits: '0x08' } });
  });

  it('tell their names from those of other properties', () => {
    expect([`MSIP_Label_${id}_Name`, 'Sensitivity'].every(isLabelProperty)).toBe(true);
    expect(['MSIP_Label_x_Name', `MSIP_Label_${id}_`, 'Title', 'SensitivityX'].some(isLabelProperty)).toBe(
      false,
    );
  });

  it('are replaced for one tenant, where they stood, with labels above and below', () => {
    const changed = changeProperties(old, {
      set: { ...label, setDate: new Date(1_700_000_000_500), contentBits: 8 },
    });
    expect(changed).toEqual([
      ['Department', 'Sales'],
      ...facts(id, {
        Enabled: 'true',
        SetDate: '2023-11-14T22:13:20Z',
        Method: 'Standard',
        Name: 'Public',
        SiteId: site,
        ContentBits: '8',
      }),
      ['Project', 'x'],
      ['Sensitivity', 'Public'],
      ...facts(other, { Enabled: 'true', SiteId: otherSite, Name: 'Foreign' }),
    ]);
    expect(changed[0]).toBe(old[0]);
  });

  it('of another tenant leave the first tenant and its name alone', () => {
    const changed = changeProperties(old, { set: { id: other, siteId: otherSite, name: 'New' } });
    expect(changed.slice(0, 9)).toEqual(old.slice(0, 9));
    expect(labelsFromProperties(changed).map((each) => each.name)).toEqual(['Confidential', 'Staff', 'New']);
  });

  it('go with the labels that stood only above them, and with the name people read', () => {
    expect(names(changeProperties(old, { remove: child }))).toEqual([
      'Department',
      'Project',
      ...names(facts(other, { Enabled: '', SiteId: '', Name: '' })),
    ]);
    expect(names(changeProperties(old, { remove: 'all' }))).toEqual(['Department', 'Project']);
    expect(changeProperties(old, { remove: otherSite })).toEqual(old);
  });

  it('stay where another label needs the label above', () => {
    const two = [...old, ...facts(site, { Name: 'Second', Parent: id, SiteId: site })];
    expect(labelsFromProperties(changeProperties(two, { remove: child })).map((each) => each.name)).toEqual([
      'Confidential',
      'Foreign',
      'Second',
    ]);
  });

  it.each([
    ['an id that is none', { ...label, id: 'x' }],
    ['no tenant', { ...label, siteId: '' }],
    ['a name that is too long', { ...label, name: 'x'.repeat(256) }],
    ['a control character', { ...label, name: 'a\u0000b' }],
    ['half a character', { ...label, owner: '\ud800' }],
    ['bits below zero', { ...label, contentBits: -1 }],
    ['a date that is none', { ...label, setDate: new Date(Number.NaN) }],
    ['another method', { ...label, method: 'Manual' as 'Standard' }],
    ['an attribute with a blank', { ...label, extended: { 'a b': 'c' } }],
    ['an attribute that is a field', { ...label, extended: { siteid: 'c' } }],
    ['an attribute twice, in upper and lower case', { ...label, extended: { Team: 'a', team: 'b' } }],
    ['an attribute twice, with and without prefix', { ...label, extended: { A: 'a', Extended_A: 'b' } }],
    ['an attribute with too long a name', { ...label, extended: { ['x'.repeat(200)]: 'c' } }],
  ])('refuse %s', (_, set) => {
    expect(() => changeProperties([], { set })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it('have no name if it is empty', () => {
    const set = changeProperties([['Sensitivity', 'Old']], { set: { ...label, name: '' } });
    expect(names(set).filter((name) => /name$|^sensitivity$/i.test(name))).toEqual([]);
  });

  it('come back as they were written', () => {
    const words = fc
      .string({ minLength: 1, maxLength: 60, unit: 'grapheme-ascii' })
      .filter((text) => text.trim() === text);
    fc.assert(
      fc.property(
        fc.record({
          id: fc.uuid(),
          siteId: fc.uuid(),
          name: fc.option(words, { nil: undefined }),
          method: fc.constantFrom('Standard' as const, 'Privileged' as const),
          owner: fc.option(words, { nil: undefined }),
          contentBits: fc.option(fc.nat(15), { nil: undefined }),
          extended: fc.dictionary(fc.stringMatching(/^x[A-Za-z0-9_.-]{0,20}$/), words, { maxKeys: 4 }),
        }),
        fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 8 }),
        (set, pairs) => {
          const changed = changeProperties(pairs, { set });
          const [found] = labelsFromProperties(changed);
          expect(found).toMatchObject({ ...set, enabled: true });
          expect(labelsFromProperties(propertiesFromLabels(labelsFromProperties(changed)))).toEqual(
            labelsFromProperties(changed),
          );
          const foreign = pairs.filter(([name]) => name.toLowerCase() !== 'sensitivity');
          expect(changeProperties(changed, { remove: 'all' })).toEqual(foreign);
        },
      ),
      { numRuns: 300 },
    );
  });
});
