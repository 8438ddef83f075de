import { memorySource, streamSource } from '../../../src/bytes/index.ts';
import { serializePfileHeader } from '../../../src/container/pfile/header.ts';
import { readPfile } from '../../../src/container/pfile/read.ts';
import { inspect, type LicensingService, type OpenedContent, open } from '../../../src/index.ts';
import { fuzzAuthority } from '../fuzz-authority.ts';
import { corpusFile, filesIn, folders } from '../samples.ts';
import { type FuzzTarget, must } from '../target.ts';

/** PFILEs: what inspect tells, what comes back when the header is put together, and what opens. */
export async function pfileTarget(): Promise<FuzzTarget> {
  const own = ['gcm64k.ptxt', 'cbc4k.ptxt', 'template.pfile'].map(corpusFile);
  const real = folders.realPfiles.flatMap((folder) => filesIn(folder, /\.(?:pfile|p\w{3})$/));
  const vectors = filesIn(folders.pfileVectors, /\.bin$/);
  const service = (await fuzzAuthority()).as('alice@contoso.com');
  const plaintext = await plaintextOf(own[0] as Uint8Array, service);

  return {
    habits: { head: 520 },
    // Our own are the only ones that open, so they come twice as often.
    samples: [...own, ...own, ...vectors, ...real],
    async check(input) {
      const facts = await inspect(input);
      if (!facts.protected) return 'not protected';
      const { header, contentLength } = await readPfile(memorySource(input));
      must(facts.contentLength === contentLength, 'two readers disagree about the length of the content');
      const head = serializePfileHeader(header);
      must(
        Buffer.compare(head, input.subarray(0, header.contentOffset)) === 0,
        'the header does not come back',
      );
      const streamed = await readPfile(streamSource(new Blob([input as Uint8Array<ArrayBuffer>]).stream()));
      must(streamed.contentOffset === header.contentOffset, 'a stream is read differently');
      const opened = await open(input, { service });
      const bytes = await opened.bytes();
      if (opened.authenticated) {
        must(Buffer.compare(bytes, plaintext) === 0, 'changed content was opened');
        await readAtRandom(opened, bytes);
      }
      opened.close();
      return 'opened';
    },
  };
}

async function plaintextOf(file: Uint8Array, service: LicensingService): Promise<Uint8Array> {
  try {
    return await (await open(file, { service })).bytes();
  } catch (cause) {
    const what =
      'The corpus was made by a version with other licenses. Make it again: node tools/fuzz/run.mjs --make-corpus';
    throw new Error(what, { cause });
  }
}

async function readAtRandom(opened: OpenedContent, bytes: Uint8Array): Promise<void> {
  const part = await opened.read(3, 20);
  must(Buffer.compare(part, bytes.subarray(3, 23)) === 0, 'random access gives other bytes');
}
