import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../bytes/index.ts';
import type { CompoundFile } from '../../compound-file/compound-file.ts';
import { compoundFileSource, layoutCompoundFile, type NewRoot } from '../../compound-file/layout.ts';
import { readCompoundFile } from '../../compound-file/read.ts';
import { contents } from '../../compound-file/read-everything.test-support.ts';
import { msgEntries } from './message-entries.ts';
import { readMsg } from './read-message.ts';

const folder = '../shared/data/samples/plaintext';
const samples = ['test-outlook.msg', 'testMSG.msg', 'testMSG_att_doc.msg'];

const fileOf = (bytes: Uint8Array): Promise<CompoundFile> => readCompoundFile(memorySource(bytes));
const written = (root: NewRoot): Promise<CompoundFile> =>
  readCompoundFile(compoundFileSource(layoutCompoundFile(root)));
const comparable = async (file: CompoundFile): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await contents(file)).map(([path, bytes]) => [path, Buffer.from(bytes).toString('hex')]),
  );

describe.skipIf(!existsSync(folder))(
  'real Outlook items, written again (skipped without ../shared/data)',
  () => {
    it.each(samples)('%s has every stream it had, byte by byte', async (name) => {
      const file = await fileOf(new Uint8Array(readFileSync(`${folder}/${name}`)));
      const again = await written(await msgEntries(await readMsg(file)));
      expect(await comparable(again)).toEqual(await comparable(file));
      expect(again.root.classId).toEqual(file.root.classId);
    });
  },
);
