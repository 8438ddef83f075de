import { unzipSync } from 'fflate';
import { memorySource } from '../../../src/bytes/index.ts';
import { inspect } from '../../../src/index.ts';
import { changeLabelInfo, changeLabels, readLabelInfo, readLabels } from '../../../src/label/index.ts';
import { corpusFile, filesIn, folders } from '../samples.ts';
import { type FuzzTarget, must } from '../target.ts';
import { wholeSource } from '../whole-source.ts';

const label = {
  id: '40000000-0000-4000-8000-000000000004',
  siteId: '50000000-0000-4000-8000-000000000005',
  name: 'Fuzzed',
} as const;

const labelInfo = new TextEncoder().encode(
  '<?xml version="1.0" encoding="utf-8" standalone="yes"?><clbl:labelList xmlns:clbl="http://schemas.microsoft.com/office/2020/mipLabelMetadata"><clbl:label id="{10000000-0000-4000-8000-000000000001}" enabled="1" method="Privileged" siteId="{11111111-2222-3333-4444-555555555555}" contentBits="8" removed="0" /><clbl:label id="{60000000-0000-4000-8000-000000000006}" enabled="0" method="" siteId="{60000000-0000-4000-8000-000000000006}" removed="1" /><clbl:extLst><clbl:ext uri="a"><b/></clbl:ext></clbl:extLst></clbl:labelList>',
);

const tokens =
  '< > </ /> " & &amp; &#x0; <!-- --> <![CDATA[ ]]> xmlns= clbl:label labelList MSIP_Label_ _Enabled rdf:Bag rdf:li'
    .split(' ')
    .concat([
      '<!DOCTYPE a [<!ENTITY b "c">]>',
      'id="{10000000-0000-4000-8000-000000000001}"',
      'siteId="{50000000-0000-4000-8000-000000000005}"',
      'removed="1"',
      '<?xpacket end="w"?>',
      'PK\x03\x04',
      'PK\x01\x02',
      'PK\x05\x06',
    ]);

/** Labels in packages, compound files, images, PFILEs and on their own: read, set, removed, read again. */
export async function labelsTarget(): Promise<FuzzTarget> {
  const own = filesIn(folders.officeCorpus, /\.(?:docx|doc|gif|png|jpg|tif)$/);
  const real = folders.realLabels.flatMap((folder) => filesIn(folder, /\.(?:xlsx|docx|jpe?g|png|gif|tif)$/));
  return {
    habits: {
      tokens,
      head: 2000,
      nests: [
        ['<a>', '</a>'],
        ['<a b="', '"/>'],
      ],
    },
    samples: [...own, ...own, corpusFile('gcm64k.ptxt'), labelInfo, labelInfo, ...real],
    async check(input) {
      if (input[0] === 0x3c || input[0] === 0xef) return checkLabelInfo(input);
      const source = memorySource(input);
      const before = await readLabels(source);
      await inspect(input);
      const labelled = await wholeSource(await changeLabels(source, { set: label }));
      const after = await readLabels(memorySource(labelled));
      must(
        after.some(({ id, enabled }) => id === label.id && enabled),
        'a label that was set is not there',
      );
      const bare = await wholeSource(await changeLabels(memorySource(labelled), { remove: 'all' }));
      must(
        (await readLabels(memorySource(bare))).every(({ enabled }) => !enabled),
        'a label is left',
      );
      if (input[0] === 0x50 && startsWithItsEntries(input)) checkOtherParts(input, labelled);
      return before.length > 0 ? 'labelled' : 'without a label';
    },
  };
}

function checkLabelInfo(input: Uint8Array): string {
  const before = readLabelInfo(input);
  const changed = readLabelInfo(changeLabelInfo(input, { set: label }));
  must(
    changed.some(({ id, enabled }) => id === label.id && enabled),
    'a label that was set is not there',
  );
  const bare = readLabelInfo(changeLabelInfo(input, { remove: 'all' }));
  must(
    bare.every(({ enabled }) => !enabled),
    'a label is left',
  );
  return before.length > 0 ? 'label info' : 'label info without labels';
}

/**
 * Whether the directory is where the end record says, counted from the first byte. In archives behind something else we
 * count as most programs do; the other reader does not.
 */
function startsWithItsEntries(input: Uint8Array): boolean {
  const fields = new DataView(input.buffer, input.byteOffset, input.length);
  const end = Buffer.from(input.buffer, input.byteOffset, input.length).lastIndexOf(
    'PK\x05\x06',
    undefined,
    'latin1',
  );
  if (end < 0 || end + 22 > input.length) return false;
  return fields.getUint32(end + 12, true) + fields.getUint32(end + 16, true) === end;
}

/** Parts that say nothing of labels are what they were, to somebody else's reader. */
function checkOtherParts(before: Uint8Array, after: Uint8Array): void {
  let parts: Record<string, Uint8Array>;
  try {
    parts = unzipSync(before, { filter: ({ originalSize }) => originalSize < 1e6 });
  } catch {
    return; // it is as damaged as before
  }
  const changed = unzipSync(after, { filter: ({ originalSize }) => originalSize < 1e6 });
  for (const [name, bytes] of Object.entries(parts)) {
    if (
      /^(?:\[Content_Types\]\.xml|_rels\/\.rels|docProps\/custom\.xml|docMetadata\/LabelInfo\.xml)$/i.test(
        name,
      )
    )
      continue;
    const other = changed[name];
    must(
      other !== undefined && Buffer.compare(other, bytes) === 0,
      'a part that has nothing to do with labels was changed',
    );
  }
}
