import { describe, expect, it } from 'vitest';
import { readXrmlDocuments } from './documents.ts';
import { readXrmlFacts, type XrmlFacts } from './facts.ts';
import { formatLocalizedNames, parseLocalizedNames } from './localized-names.ts';
import { formatXrmlTime, isWithin, parseXrmlTime } from './time.ts';

const factsOf = (body: string): XrmlFacts =>
  readXrmlFacts(readXrmlDocuments(`<XrML purpose="p"><BODY type="t">${body}</BODY></XrML>`)[0]!);

describe('what a document states', () => {
  it('is empty, not an error, where parts are missing', () => {
    expect(factsOf('')).toEqual({
      purpose: 'p',
      bodyType: 't',
      bodyVersion: undefined,
      issuedTime: undefined,
      validity: undefined,
      descriptor: undefined,
      issuer: undefined,
      principals: [],
      federationPrincipals: [],
      distributionPoints: [],
      work: undefined,
      rights: [],
      authenticatedData: [],
      enablingBits: [],
      signature: undefined,
    });
  });

  it('holds descriptor, places, content, owner and data', () => {
    const facts = factsOf(
      '<DESCRIPTOR><OBJECT><ID type="MS-GUID" version="v">\n {1} </ID><NAME>LCID 1033:NAME A:DESCRIPTION B;\n</NAME></OBJECT></DESCRIPTOR>' +
        '<DISTRIBUTIONPOINT><OBJECT type="Referral-Info"><ID /><NAME>n</NAME><ADDRESS type="URL">mailto:x\n</ADDRESS></OBJECT></DISTRIBUTIONPOINT>' +
        '<WORK><OBJECT><ID type="MS-GUID">{2}</ID></OBJECT><METADATA><OWNER><OBJECT><ID type="Windows" /><NAME>ada</NAME></OBJECT></OWNER></METADATA>' +
        '<PRECONDITIONLIST><TIME><INTERVALTIME days="3" /></TIME></PRECONDITIONLIST></WORK>' +
        '<AUTHENTICATEDDATA id="APPSPECIFIC" name="K"> v </AUTHENTICATEDDATA>',
    );
    expect(facts.descriptor).toMatchObject({
      id: '{1}',
      idVersion: 'v',
      names: [{ lcid: 1033, name: 'A', description: 'B' }],
    });
    expect(facts.distributionPoints).toEqual([
      { type: 'Referral-Info', id: undefined, name: 'n', url: 'mailto:x' },
    ]);
    expect(facts.work).toMatchObject({
      object: { id: '{2}' },
      owner: { idType: 'Windows', id: undefined, name: 'ada' },
    });
    expect({ ...facts.work?.intervalTime }).toEqual({ days: '3' });
    expect(facts.authenticatedData).toEqual([{ id: 'APPSPECIFIC', name: 'K', text: ' v ' }]);
  });

  it('holds rights in either form, with conditions in any order', () => {
    const range =
      '<TIME><RANGETIME><FROM>2024-01-01T00:00</FROM><UNTIL>2024-01-02T00:00</UNTIL></RANGETIME></TIME>';
    const access = (inside: string) => `<ACCESS><PRINCIPAL internal-id="1">${inside}</PRINCIPAL></ACCESS>`;
    const facts = factsOf(
      `<WORK><RIGHTSGROUP name="Main-Rights"><RIGHTSLIST><RIGHT name = "OBJMODEL"><CONDITIONLIST>${access('')}${range}</CONDITIONLIST></RIGHT>` +
        `<VIEW><CONDITIONLIST>${range}${access('<OBJECT><ID type="Internal">Owner</ID></OBJECT>')}</CONDITIONLIST></VIEW>` +
        `<RIGHT name="OWNER">${access('<ENABLINGBITS type="sealed-key"><VALUE>AAE=</VALUE></ENABLINGBITS>')}</RIGHT></RIGHTSLIST></RIGHTSGROUP></WORK>`,
    );
    expect(facts.rights.map(({ name }) => name)).toEqual(['OBJMODEL', 'VIEW', 'OWNER']);
    expect(facts.rights.map(({ rangeTime }) => rangeTime?.until?.toISOString().slice(0, 10))).toEqual([
      '2024-01-02',
      '2024-01-02',
      undefined,
    ]);
    expect(facts.rights[1]?.holders[0]?.object).toMatchObject({ idType: 'Internal', id: 'Owner' });
    expect(facts.rights[2]?.holders[0]?.enablingBits).toEqual({
      type: 'sealed-key',
      bytes: Uint8Array.of(0, 1),
    });
    expect(facts.enablingBits.length).toBe(1);
  });

  it('refuses a damaged end of validity instead of reading it as "no end"', () => {
    expect(() => factsOf('<VALIDITYTIME><UNTIL>soon</UNTIL></VALIDITYTIME>')).toThrow(
      expect.objectContaining({ code: 'MALFORMED_LICENSE' }),
    );
  });
});

describe('times of a license', () => {
  it.each([
    ['2017-01-11T23:27', '2017-01-11T23:27:00.000Z'],
    ['2017-01-11T23:27Z', '2017-01-11T23:27:00.000Z'],
    ['2017-01-11T23:27:05', '2017-01-11T23:27:05.000Z'],
    ['2017-01-11T23:27:05.1234567Z', '2017-01-11T23:27:05.000Z'],
    ['0001-01-01T00:00', '0001-01-01T00:00:00.000Z'],
    ['2024-02-29T00:00', '2024-02-29T00:00:00.000Z'],
  ])('reads %s', (text, iso) => {
    expect(parseXrmlTime(text)?.toISOString()).toBe(iso);
  });

  it.each([
    '',
    '2017-01-11',
    '2023-02-29T00:00',
    '2017-13-01T00:00',
    '2017-01-01T24:00',
    '2017-01-11T23:27+01:00',
    '2017-1-1T0:0',
  ])('does not read "%s"', (text) => {
    expect(parseXrmlTime(text)).toBeUndefined();
  });

  it('are written to the minute, and only within four-digit years', () => {
    expect(formatXrmlTime(new Date('2017-01-11T23:27:59.999Z'))).toBe('2017-01-11T23:27');
    for (const bad of [new Date(Number.NaN), new Date('+010000-01-01T00:00Z')])
      expect(() => formatXrmlTime(bad)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('bound half-open ranges', () => {
    const range = { from: new Date(1000), until: new Date(2000) };
    expect([999, 1000, 1999, 2000].map((at) => isWithin(new Date(at), range))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isWithin(new Date(0), { from: undefined, until: undefined })).toBe(true);
  });
});

describe('names in several languages', () => {
  it('are read with odd characters inside', () => {
    const text =
      'LCID 1033:NAME A: b; c:DESCRIPTION d: e;\r\n LCID 1041:NAME 社外秘:DESCRIPTION 説明; ほか;LCID 1031:NAME Nur Name;';
    expect(parseLocalizedNames(text)).toEqual([
      { lcid: 1033, name: 'A: b; c', description: 'd: e' },
      { lcid: 1041, name: '社外秘', description: '説明; ほか' },
      { lcid: 1031, name: 'Nur Name', description: '' },
    ]);
    expect(parseLocalizedNames('just a name')).toEqual([]);
  });

  it('are read back as written', () => {
    const names = [
      { lcid: 1033, name: 'Internal; staff', description: 'Only: us' },
      { lcid: 2052, name: '机密', description: '' },
    ];
    expect(parseLocalizedNames(formatLocalizedNames(names))).toEqual(names);
  });

  it('take linear time over hostile text', () => {
    const started = process.cpuUsage();
    parseLocalizedNames(`${' '.repeat(200_000)}LCID ${' '.repeat(200_000)}`);
    parseLocalizedNames('LCID 1:NAME '.repeat(20_000));
    parseLocalizedNames(`LCID 1:NAME ${`:${' '.repeat(60)}DESCRIPTIO`.repeat(10_000)}`);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(5_000);
  });
});
