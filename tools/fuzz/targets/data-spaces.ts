import { isDeepStrictEqual } from 'node:util';
import { memorySource } from '../../../src/bytes/index.ts';
import { readCompoundFile } from '../../../src/container/compound-file/read.ts';
import { isCompoundFile } from '../../../src/container/index.ts';
import {
  parseDefinition,
  serializeDefinition,
} from '../../../src/container/office/data-spaces/definition.ts';
import { parseMap, serializeMap } from '../../../src/container/office/data-spaces/map.ts';
import {
  parseRightsManagement,
  serializeRightsManagement,
} from '../../../src/container/office/data-spaces/transform.ts';
import {
  parseUseLicense,
  serializeUseLicense,
} from '../../../src/container/office/data-spaces/use-license.ts';
import { readUseLicenseChain } from '../../../src/container/office/data-spaces/use-license-chain.ts';
import { parseVersion, serializeVersion } from '../../../src/container/office/data-spaces/version.ts';
import { officeFormat } from '../../../src/container/office/format.ts';
import { SealwrightError } from '../../../src/errors.ts';
import { inspect, type LicensingService, open } from '../../../src/index.ts';
import { fuzzAuthority } from '../fuzz-authority.ts';
import { filesIn, folders } from '../samples.ts';
import { type FuzzTarget, must } from '../target.ts';

/** Each stream that describes protection: what is read of it, and what is read of it after it was written. */
const streamReaders: readonly ((bytes: Uint8Array) => readonly [unknown, unknown])[] = [
  (bytes) => twice(bytes, parseVersion, serializeVersion),
  (bytes) => twice(bytes, parseMap, serializeMap),
  (bytes) => twice(bytes, parseDefinition, serializeDefinition),
  (bytes) => twice(bytes, parseRightsManagement, serializeRightsManagement),
  (bytes) => {
    readUseLicenseChain(parseUseLicense(bytes).license);
    return twice(bytes, parseUseLicense, serializeUseLicense);
  },
];

function twice<T>(
  bytes: Uint8Array,
  parse: (bytes: Uint8Array) => T,
  serialize: (value: T) => Uint8Array,
): readonly [T, T] {
  const value = parse(bytes);
  return [value, parse(serialize(value))];
}

/** Protected Office files as a whole, and the streams in them one by one. */
export async function dataSpacesTarget(): Promise<FuzzTarget> {
  const own = filesIn(folders.officeCorpus, /^(?:gcm64k|cbc4k|ecb)\./);
  const real = folders.realProtectedFiles.flatMap((folder) => filesIn(folder, /\.(?:doc|xps)$/));
  const realStreams = folders.realDataSpaces.flatMap((folder) => filesIn(folder, /\.bin$/));
  const service = (await fuzzAuthority()).as('alice@contoso.com');
  const whole = new Set<string>();
  for (const file of own) whole.add(hash(await contentOf(file, service)));
  const streams = (await Promise.all([...own, ...real].map(streamsOf))).flat();
  return {
    habits: { head: 8192 },
    samples: [...own, ...own, ...own, ...real, ...streams, ...realStreams],
    check: (input) => (isCompoundFile(input) ? checkFile(input, service, whole) : checkStreams(input)),
  };
}

async function checkFile(
  input: Uint8Array,
  service: LicensingService,
  contents: ReadonlySet<string>,
): Promise<string> {
  const facts = await inspect(input);
  if (!facts.protected) return 'not protected';
  const container = await officeFormat.read(memorySource(input));
  must(
    facts.contentLength === container.contentLength,
    'two readers disagree about the length of the content',
  );
  const streamed = await officeFormat.read(memorySource(input.slice()));
  must(Buffer.compare(streamed.binding, container.binding) === 0, 'the binding is another one');
  const opened = await open(input, { service });
  const bytes = await opened.bytes();
  must(bytes.length === container.originalSize, 'the content has another size than the file states');
  if (opened.authenticated) must(contents.has(hash(bytes)), 'changed content was opened');
  const part = await opened.read(3, 20);
  must(Buffer.compare(part, bytes.subarray(3, 23)) === 0, 'random access gives other bytes');
  opened.close();
  return 'opened';
}

async function checkStreams(input: Uint8Array): Promise<string> {
  let [read, code] = [0, 'INVALID_ARGUMENT'];
  for (const through of streamReaders) {
    try {
      const [first, second] = through(input);
      must(isDeepStrictEqual(first, second), 'a stream that is written anew says something else');
      read++;
    } catch (error) {
      if (!(error instanceof SealwrightError)) throw error;
      code = error.code;
    }
  }
  return read > 0 ? 'stream read' : `stream: ${code}`;
}

/** The streams around the content. */
async function streamsOf(bytes: Uint8Array): Promise<Uint8Array[]> {
  const file = await readCompoundFile(memorySource(bytes));
  const streams: Uint8Array[] = [];
  const pending = file.root.entries.filter(({ name }) => name === '\x06DataSpaces');
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    if (entry.kind === 'storage') pending.push(...entry.entries);
    else streams.push(await file.read(entry, 1e6));
  }
  return streams;
}

async function contentOf(file: Uint8Array, service: LicensingService): Promise<Uint8Array> {
  try {
    return await (await open(file, { service })).bytes();
  } catch (cause) {
    const what =
      'The corpus was made by a version with other licenses. Make it again: node tools/fuzz/run.mjs --make-corpus';
    throw new Error(what, { cause });
  }
}

const hash = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
