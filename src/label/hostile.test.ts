import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { concatBytes, encodeUtf8, memorySource } from '../bytes/index.ts';
import { changeLabels } from './change-labels.ts';
import type { LabelMetadata } from './label.ts';
import { decideLabels } from './precedence.ts';
import { labelsFromProperties } from './properties.ts';
import { readLabels } from './read-labels.ts';

const id = '10000000-0000-4000-8000-000000000001';
const siteId = '11111111-2222-3333-4444-555555555555';
const label = { id, siteId, name: 'General' };

const office = 'http://schemas.openxmlformats.org/officeDocument/2006';
const packageNs = 'http://schemas.openxmlformats.org/package/2006';

const relation = (number: number, target: string): string =>
  `<Relationship Id="rId${number}" Type="${office}/relationships/custom-properties" Target="${target}"/>`;

function documentWith(custom: string, target = 'docProps/custom.xml', attributes = '') {
  const files = {
    '[Content_Types].xml': `<Types xmlns="${packageNs}/content-types"/>`,
    '_rels/.rels': `<Relationships xmlns="${packageNs}/relationships">${relation(1, target)}</Relationships>`,
    'docProps/custom.xml': `<Properties xmlns="${office}/custom-properties"${attributes}>${custom}</Properties>`,
  };
  return memorySource(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))),
  );
}

const repeated = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('');

function imageWith(packet: string): Uint8Array {
  const chunk = (type: string, data: Uint8Array): Uint8Array => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, data.length);
    return concatBytes([length, encodeUtf8(type), data, new Uint8Array(4)]);
  };
  const text = concatBytes([encodeUtf8('XML:com.adobe.xmp\0'), new Uint8Array(4), encodeUtf8(packet)]);
  return concatBytes([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', new Uint8Array(13)),
    chunk('iTXt', text),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

const packetOf = (content: string): string =>
  `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:m="http://www.microsoft.com/msip/1.0/">${content}</rdf:RDF>`;

/** Seconds of the processor, so that other work on the machine does not count. */
async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

const labelled = async (source: ReturnType<typeof memorySource>): Promise<Uint8Array> => {
  const changed = await changeLabels(source, { set: label });
  return new Uint8Array(await changed.read(0, changed.size as number));
};

const isGeneral = expect.arrayContaining([expect.objectContaining({ id, enabled: true })]);

describe('labels of documents that are made to be slow', () => {
  it.each<[string, ReturnType<typeof memorySource>]>([
    [
      'properties with more ids than a call can have arguments',
      documentWith(repeated(150_000, (i) => `<property pid="${i + 2}"/>`)),
    ],
    [
      'namespaces declared in every element',
      documentWith(
        '<a xmlns:b="c"/>'.repeat(120_000),
        undefined,
        repeated(60, (i) => ` xmlns:n${i}="${i}"`),
      ),
    ],
    [
      'namespaces declared in every description of a packet',
      memorySource(
        imageWith(
          packetOf(
            `${repeated(24, (i) => `<rdf:Description${repeated(500, (j) => ` xmlns:a${i}b${j}=""`)}>`)}${'<m:a xmlns:b=""/>'.repeat(15_000)}${'</rdf:Description>'.repeat(24)}`,
          ),
        ),
      ),
    ],
    [
      'descriptions in descriptions with more facts than a call can have arguments',
      memorySource(
        imageWith(
          packetOf(
            `<rdf:Description><rdf:Description>${`<rdf:Description${repeated(500, (i) => ` m:a${i}=""`)}/>`.repeat(190)}</rdf:Description></rdf:Description>`,
          ),
        ),
      ),
    ],
    [
      'thousands of names that may stand in thousands of properties',
      documentWith(
        `${repeated(5000, (i) => {
          const name = `MSIP_Label_30000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
          return `<property name="${name}_SiteId"><v>${siteId}</v></property><property name="${name}_Name"><v>${i}</v></property>`;
        })}<property name="MSIP_Label_20000000-0000-4000-8000-000000000000_Name"><v>x</v></property>${'<property name="Sensitivity"><v>none of these</v></property>'.repeat(25_000)}`,
      ),
    ],
  ])('are set within bounds: %s', async (_, source) => {
    const seconds = await secondsOf(async () => {
      expect(await readLabels(memorySource(await labelled(source)))).toEqual(isGeneral);
    });
    expect(seconds).toBeLessThan(8);
  });
});

describe('labels of documents that are made to mislead', () => {
  it.each(['..%2F..%2Fcustom.xml', '%2e%2e/%2e%2e/custom.xml', 'docProps%5Ccustom.xml', 'C%3A/custom.xml'])(
    'are never written to a name that leads out of the package: %s',
    async (target) => {
      const names = Object.keys(unzipSync(await labelled(documentWith('', target))));
      expect(names.filter((name) => /\.\.|[\\:]/.test(name))).toEqual([]);
    },
  );

  it('are not hidden by a label of another tenant that calls them its own', () => {
    const other = '20000000-0000-4000-8000-000000000002';
    const stated = labelsFromProperties([
      [`MSIP_Label_${id}_Parent`, other],
      [`MSIP_Label_${other}_SiteId`, '22222222-2222-3333-4444-555555555555'],
      [`MSIP_Label_${other}_Enabled`, 'true'],
    ]);
    const labelInfo = encodeUtf8(
      `<labelList xmlns="http://schemas.microsoft.com/office/2020/mipLabelMetadata"><label id="{${id}}" enabled="1" method="" siteId="{${siteId}}" removed="0"/></labelList>`,
    );
    const ids = decideLabels({ labelInfo, properties: stated }).map((each: LabelMetadata) => each.id);
    expect(ids).toEqual([id, other]);
  });
});
