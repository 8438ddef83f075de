import { memorySource } from '../../src/bytes/index.ts';
import { SealwrightError } from '../../src/errors.ts';
import { changeLabels, readLabels } from '../../src/label/index.ts';
import { fileRefusals, must } from './target.ts';
import { wholeSource } from './whole-source.ts';

const label = {
  id: '40000000-0000-4000-8000-000000000004',
  siteId: '50000000-0000-4000-8000-000000000005',
  name: 'Fuzzed',
} as const;

/** Sets a label of a file that is not protected, and takes all away: what was written says so. The file may be refused. */
export async function checkLabels(input: Uint8Array): Promise<void> {
  try {
    const labelled = await wholeSource(await changeLabels(memorySource(input), { set: label }));
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
  } catch (error) {
    if (!(error instanceof SealwrightError) || !fileRefusals.has(error.code)) throw error;
  }
}
