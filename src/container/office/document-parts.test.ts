import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8, memorySource } from '../../bytes/index.ts';
import { readCompoundFile } from '../compound-file/read.ts';
import { rewriteCompoundFile } from '../compound-file/rewrite.ts';
import { readPropertySets } from '../property-set/read.ts';
import { textOf } from '../property-set/typed-value.ts';
import { userProperties } from '../property-set/user-properties.ts';
import { clearStreams, type OfficeDocument, readOfficeDocument } from './document-parts.ts';
import { placeholderSentence } from './placeholder/placeholder.ts';

const samples = '../shared/data/samples/';
const present = existsSync(samples);
const load = (name: string) => readCompoundFile(memorySource(new Uint8Array(readFileSync(samples + name))));

const contentOf = (document: OfficeDocument, name: string): Uint8Array => {
  const found = clearStreams(document).find((stream) => stream.name === name)?.content;
  if (!(found instanceof Uint8Array)) throw new Error(`no ${name}`);
  return found;
};

/** Everything in a property set that is text. */
const texts = (bytes: Uint8Array): (string | undefined)[] =>
  readPropertySets(bytes).sections.flatMap(({ properties, codePage }) =>
    properties.filter(({ id }) => id > 1).map(({ raw }) => textOf(raw, codePage)),
  );

describe('what stays readable of a protected package', () => {
  it('is two property sets, of which one names us and the other nothing', async () => {
    const document = await readOfficeDocument({ name: 'report.xlsx' });
    expect(document).toMatchObject({ kind: 'package', application: 'excel', classId: undefined });
    const streams = clearStreams(document);
    expect(streams.map(({ name }) => name)).toEqual([
      '\x05SummaryInformation',
      '\x05DocumentSummaryInformation',
    ]);
    expect(texts(contentOf(document, '\x05SummaryInformation'))).toEqual(['Sealwright']);
    expect(texts(contentOf(document, '\x05DocumentSummaryInformation'))).toEqual([]);
  });

  it('is known by its name', async () => {
    const application = async (name: string): Promise<string | undefined> =>
      (await readOfficeDocument({ name })).application;
    expect(await Promise.all(['a.docm', 'a.DOTX', 'a.xlsb', 'a.xlam'].map(application))).toEqual([
      'word',
      'word',
      'excel',
      'excel',
    ]);
    expect(
      await Promise.all(['a.ppsx', 'a.potm', 'a.vsdx', 'a.vstm', 'a.xps', 'a'].map(application)),
    ).toEqual(['powerpoint', 'powerpoint', 'visio', 'visio', undefined, undefined]);
  });

  it('holds the labels that it is given', async () => {
    const document = await readOfficeDocument({});
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.tuple(
            fc.stringMatching(/^MSIP_Label_[a-f0-9]{8}_[A-Z][a-z]+$/),
            fc.stringMatching(/^[\x20-\x7eäé機]*$/),
          ),
          {
            selector: ([name]) => name.toLowerCase(),
            maxLength: 8,
          },
        ),
        (pairs) => {
          const stream = clearStreams(document, pairs).find(({ name }) => name.startsWith('\x05Document'));
          expect(userProperties(stream?.content as Uint8Array)).toEqual(pairs);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe.skipIf(!present)('what stays readable of a real document (skipped without ../shared/data)', () => {
  const documents = [
    ['testWORD.doc', 'word', ['\x01CompObj', 'WordDocument', '1Table']],
    ['testEXCEL.xls', 'excel', ['\x01CompObj', 'Workbook']],
    ['testPPT.ppt', 'powerpoint', ['PowerPoint Document', 'Current User']],
  ] as const;

  it.each(documents)(
    'is nothing of what %s says of itself but its application',
    async (name, application, names) => {
      const file = await load(`plaintext/${name}`);
      const document = await readOfficeDocument({ compoundFile: file, name });
      expect(document).toMatchObject({ kind: 'binary', application, classId: file.root.classId });
      const streams = clearStreams(document);
      expect(streams.map((stream) => stream.name)).toEqual([
        '\x05SummaryInformation',
        '\x05DocumentSummaryInformation',
        ...names,
      ]);
      expect(texts(contentOf(document, '\x05SummaryInformation'))).toEqual([document.applicationName]);
      expect(document.applicationName).toMatch(/^Microsoft /);
      expect(texts(contentOf(document, '\x05DocumentSummaryInformation'))).toEqual([]);

      // Whatever else is text in the original stands nowhere.
      const everything = streams
        .map(({ content }) => Buffer.from(content as Uint8Array).toString('latin1'))
        .join();
      const summary = file.find('\x05SummaryInformation');
      if (summary?.kind !== 'stream') throw new Error('no summary');
      for (const text of texts(await file.read(summary, 1e6)))
        if (text !== undefined && text.length > 3 && text !== document.applicationName)
          expect(everything.includes(text)).toBe(false);
      expect(everything).toContain(placeholderSentence);
    },
  );

  it('is not known where it is damaged or too large, and then left out', async () => {
    const file = await load('plaintext/testWORD.doc');
    const odd = rewriteCompoundFile(
      file,
      new Map([
        ['\x05SummaryInformation', encodeUtf8('not a property set')],
        ['\x01CompObj', new Uint8Array(5000)],
      ]),
    );
    const document = await readOfficeDocument({ compoundFile: await readCompoundFile(odd) });
    expect(document).toMatchObject({ application: 'word', compObj: undefined, applicationName: undefined });
    expect(clearStreams(document).map(({ name }) => name)).not.toContain('\x01CompObj');
    expect(texts(contentOf(document, '\x05SummaryInformation'))).toEqual(['Sealwright']);
  });
});
