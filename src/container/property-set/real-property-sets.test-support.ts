import { existsSync, readdirSync, readFileSync } from 'node:fs';
import CFB from 'cfb';
import { propertySetStreams } from './property-set.ts';

const folder = '../shared/data/samples/';
export const samplesPresent = existsSync(folder);

/** A property-set stream of a real file. */
export interface RealPropertySet {
  readonly from: string;
  readonly stream: string;
  readonly bytes: Uint8Array;
}

/** Every property-set stream of the real samples, read out of the compound files by the `cfb` package. */
export function realPropertySets(): RealPropertySet[] {
  const found: RealPropertySet[] = [];
  for (const group of ['office-irm', 'plaintext', 'negatives', 'xps-encrypted-package'])
    for (const file of readdirSync(folder + group).filter((name) =>
      /\.(?:doc|xls|ppt|vsd|xps)$/.test(name),
    )) {
      const bytes = readFileSync(`${folder}${group}/${file}`);
      if (bytes[0] !== 0xd0) continue;
      const container = CFB.read(bytes, { type: 'buffer' });
      for (const stream of Object.values(propertySetStreams)) {
        const content = CFB.find(container, `/${stream}`)?.content;
        if (content) found.push({ from: file, stream, bytes: Uint8Array.from(content) });
      }
    }
  const loose = `${folder}office-irm-streams-no-licence/`;
  for (const file of readdirSync(loose).filter((name) => name.includes('SummaryInformation')))
    found.push({ from: file, stream: file, bytes: new Uint8Array(readFileSync(loose + file)) });
  return found;
}
