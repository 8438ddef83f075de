import { memorySource } from '../../../src/bytes/index.ts';
import { readCompoundFile } from '../../../src/container/compound-file/read.ts';
import { readPropertySets } from '../../../src/container/property-set/read.ts';
import { userProperties, withUserProperties } from '../../../src/container/property-set/user-properties.ts';
import { writePropertySets } from '../../../src/container/property-set/write.ts';
import { filesIn, folders } from '../samples.ts';
import { type FuzzTarget, must } from '../target.ts';

/** Property sets: what is read, what is written anew, and what a change leaves as it was. */
export async function propertySetsTarget(): Promise<FuzzTarget> {
  const files = [
    ...filesIn(folders.officeCorpus, /\.doc$/),
    ...folders.realCompoundFiles.flatMap((folder) => filesIn(folder, /\.(?:doc|xls|ppt|vsd)$/)),
  ];
  const fromFiles = (await Promise.all(files.map(propertySetsOf))).flat();
  const bare = folders.realDataSpaces.flatMap((folder) => filesIn(folder, /SummaryInformation\.bin$/));
  return {
    habits: { head: 160 },
    samples: [...fromFiles, ...bare],
    async check(input) {
      const sets = readPropertySets(input);
      const again = readPropertySets(writePropertySets(sets));
      must(
        JSON.stringify(again.sections.map(plain)) === JSON.stringify(sets.sections.map(plain)),
        'written anew it says something else',
      );
      const pairs = userProperties(input);
      must(withUserProperties(input, pairs) === input, 'a change to what is there is a change');
      const added = [...pairs.filter(([name]) => name !== 'Fuzzed'), ['Fuzzed', 'ä – yes'] as const];
      const changed = userProperties(withUserProperties(input, added));
      must(
        changed.some(([name, value]) => name === 'Fuzzed' && value === 'ä – yes'),
        'a new property is not there',
      );
      for (const [name, value] of added)
        must(
          changed.some((pair) => pair[0] === name && pair[1] === value),
          'another property was lost',
        );
      return 'read';
    },
  };
}

/** A section for comparison; how many zeros stand behind a value does not count. */
const plain = ({
  formatId,
  properties,
  dictionary,
}: ReturnType<typeof readPropertySets>['sections'][number]) => [
  formatId,
  properties.map(({ id, raw }) => [
    id,
    Buffer.from(raw)
      .toString('hex')
      .replace(/(?:00)+$/, ''),
  ]),
  dictionary.map(({ id, name }) => [id, name]),
];

async function propertySetsOf(bytes: Uint8Array): Promise<Uint8Array[]> {
  if (bytes[0] !== 0xd0) return [];
  const file = await readCompoundFile(memorySource(bytes));
  const streams: Uint8Array[] = [];
  for (const name of ['\x05SummaryInformation', '\x05DocumentSummaryInformation']) {
    const stream = file.find(name);
    if (stream?.kind === 'stream') streams.push(await file.read(stream, 1e6));
  }
  return streams;
}
