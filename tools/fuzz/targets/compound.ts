import { checkCompoundFile } from '../../../spec/conformance/compound-file/check-compound-file.ts';
import { memorySource } from '../../../src/bytes/index.ts';
import type {
  CompoundFile,
  CompoundStorage,
  CompoundStream,
} from '../../../src/container/compound-file/compound-file.ts';
import { readCompoundFile } from '../../../src/container/compound-file/read.ts';
import { rewriteCompoundFile } from '../../../src/container/compound-file/rewrite.ts';
import { detectionBytes, officeFormat, recognise } from '../../../src/container/index.ts';
import { filesIn, folders } from '../samples.ts';
import { type FuzzTarget, must } from '../target.ts';
import { wholeSource } from '../whole-source.ts';

/** Compound files: every stream, what they are taken for, and the same files written anew. */
export async function compoundTarget(): Promise<FuzzTarget> {
  const own = filesIn(folders.officeCorpus, /\.(?:bin|doc)$/);
  const real = folders.realCompoundFiles.flatMap((folder) =>
    filesIn(folder, /\.(?:doc|xls|ppt|vsd|msg|xlsx|docx|xps)$/),
  );
  return {
    habits: { head: 4096 },
    samples: [...own, ...own, ...real.filter(isCompoundFile)],
    async check(input) {
      const source = memorySource(input);
      const head = input.subarray(0, detectionBytes);
      const { kind } = await recognise(head, source);
      await officeFormat.examine({ head, source, name: 'a.doc' });
      const file = await readCompoundFile(source);
      const streams = await readAll(file, input.length);
      const written = await wholeSource(rewriteCompoundFile(file, new Map()));
      const { problems } = await checkCompoundFile(written);
      must(problems.length === 0, `the file written anew breaks a rule: ${problems[0]?.rule}`);
      const again = await readAll(await readCompoundFile(memorySource(written)), input.length);
      must(again.size === streams.size, 'the file written anew has other streams');
      for (const [path, bytes] of streams) {
        const other = again.get(path);
        must(
          other !== undefined && Buffer.compare(other, bytes) === 0,
          'a stream written anew has other bytes',
        );
      }
      return kind;
    },
  };
}

const isCompoundFile = (bytes: Uint8Array): boolean => bytes[0] === 0xd0 && bytes[1] === 0xcf;

const pathSeparator = '\0/';

/** Streams of a file, each read as a whole and in parts. */
async function readAll(file: CompoundFile, largest: number): Promise<Map<string, Uint8Array>> {
  const streams = new Map<string, Uint8Array>();
  const visit = async ({ entries }: CompoundStorage, above: string): Promise<void> => {
    for (const entry of entries) {
      const path = above + pathSeparator + entry.name;
      if (entry.kind === 'storage') await visit(entry, path);
      else streams.set(path, await readBothWays(file, entry, largest));
    }
  };
  await visit(file.root, '');
  return streams;
}

async function readBothWays(
  file: CompoundFile,
  stream: CompoundStream,
  largest: number,
): Promise<Uint8Array> {
  const whole = await file.read(stream, largest);
  const part = await file.open(stream).read(whole.length >> 1, 700);
  const expected = whole.subarray(whole.length >> 1, (whole.length >> 1) + 700);
  must(Buffer.compare(part, expected) === 0, 'random access gives other bytes');
  return whole;
}
