import { describe, expect, it } from 'vitest';
import { readPropertySets } from './read.ts';
import { realPropertySets, samplesPresent } from './real-property-sets.test-support.ts';
import { textOf } from './typed-value.ts';
import { userProperties, withUserProperties } from './user-properties.ts';
import { writePropertySets } from './write.ts';

const real = samplesPresent ? realPropertySets() : [];
const of = (from: string, stream: string): Uint8Array => {
  const found = real.find((set) => set.from === from && set.stream.endsWith(stream));
  if (found === undefined) throw new Error(`no ${stream} in ${from}`);
  return found.bytes;
};

/** The stream without the zeros behind its last section. */
function withoutFilling(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

describe.skipIf(!samplesPresent)('property sets of real documents (skipped without ../shared/data)', () => {
  it('are found in every sample', () => {
    expect(real.length).toBe(18);
  });

  it('are written as they were read', () => {
    for (const { from, stream, bytes } of real) {
      const written = writePropertySets(readPropertySets(bytes));
      // One writer leaves a gap behind its table of properties, which has no meaning.
      if (from.endsWith('.xps')) expect(readPropertySets(written), from).toEqual(readPropertySets(bytes));
      else expect(withoutFilling(written), `${from} ${stream}`).toEqual(withoutFilling(bytes));
      expect(written.length % 4).toBe(0);
    }
  });

  it('keep what stands at places that are no multiple of four', () => {
    const { sections } = readPropertySets(of('testWORD_protected_drm.doc', 'DocumentSummaryInformation'));
    expect(sections[0]?.properties.filter(({ aligned }) => !aligned).map(({ id }) => id)).toEqual([12]);
  });

  it('say in which application a document was made', () => {
    const application = (file: string): string | undefined => {
      const section = readPropertySets(of(file, '\x05SummaryInformation')).sections[0];
      const raw = section?.properties.find(({ id }) => id === 18)?.raw;
      return section && raw && textOf(raw, section.codePage);
    };
    expect(application('testWORD_protected_drm.doc')).toBe('Microsoft Office Word');
    expect(application('testEXCEL.xls')).toBe('Microsoft Excel');
    expect(application('testPPT.ppt')).toBe('Microsoft PowerPoint');
    expect(application('testVISIO.vsd')).toBe('Microsoft Visio');
  });

  it('give the properties that are text, and only those', () => {
    const vsd = of('testVISIO.vsd', 'DocumentSummaryInformation');
    expect(userProperties(vsd).map(([name]) => name)).toEqual(['_VPID_ALTERNATENAMES', '_TemplateID']);
    expect(userProperties(of('testWORD.doc', 'DocumentSummaryInformation'))).toEqual([]);
    expect(userProperties(of('testEXCEL.xls', 'DocumentSummaryInformation'))).toEqual([]);
  });

  it('get labels, and lose them again, with nothing else changed', () => {
    const label = [
      ['MSIP_Label_10000000-0000-4000-8000-000000000001_Enabled', 'true'],
      ['MSIP_Label_10000000-0000-4000-8000-000000000001_Name', 'Überlegungen für 東京'],
    ] as const;
    for (const { from, stream, bytes } of real.filter((set) => set.stream.includes('Document'))) {
      const before = readPropertySets(bytes);
      const pairs = userProperties(bytes);
      const labelled = withUserProperties(bytes, [...pairs, ...label]);
      const after = readPropertySets(labelled);
      expect(userProperties(labelled), `${from} ${stream}`).toEqual([...pairs, ...label]);
      expect(after.sections.length).toBe(2);
      expect(after.sections[0]).toEqual(before.sections[0]);
      for (const property of before.sections[1]?.properties ?? [])
        if (property.id !== 0) expect(after.sections[1]?.properties).toContainEqual(property);
      for (const entry of before.sections[1]?.dictionary ?? [])
        expect(after.sections[1]?.dictionary).toContainEqual(entry);
      expect(readPropertySets(withUserProperties(labelled, pairs)), `${from} ${stream}`).toEqual(before);
      expect(withUserProperties(bytes, pairs)).toBe(bytes);
    }
  });
});
