import { concatBytes, memorySource } from '../../../src/bytes/index.ts';
import type { CompoundStorage, CompoundStream } from '../../../src/container/compound-file/compound-file.ts';
import { layoutCompoundFile } from '../../../src/container/compound-file/layout.ts';
import type { NewStorage, NewStream } from '../../../src/container/compound-file/new-compound-file.ts';
import { readCompoundFile } from '../../../src/container/compound-file/read.ts';

/** What a new compound file holds: streams by path, written with `/`. */
export type Streams = Readonly<Record<string, Uint8Array>>;

/** Puts a compound file together in memory. */
export async function compoundFileOf(streams: Streams, version?: 3 | 4): Promise<Uint8Array> {
  const layout = layoutCompoundFile({ entries: entriesOf(streams) }, { version });
  const parts: Uint8Array[] = [];
  for (const piece of layout.pieces) {
    if (!('read' in piece)) throw new Error('Nothing is pending here.');
    parts.push(new Uint8Array(await piece.read(0, piece.size ?? 0)));
  }
  return concatBytes(parts);
}

function entriesOf(streams: Streams): (NewStorage | NewStream)[] {
  const storages = new Map<string, Record<string, Uint8Array>>();
  const entries: (NewStorage | NewStream)[] = [];
  for (const [path, content] of Object.entries(streams)) {
    const slash = path.indexOf('/');
    if (slash < 0) entries.push({ kind: 'stream', name: path, content });
    else {
      const inside = storages.get(path.slice(0, slash)) ?? {};
      inside[path.slice(slash + 1)] = content;
      storages.set(path.slice(0, slash), inside);
    }
  }
  for (const [name, inside] of storages) entries.push({ kind: 'storage', name, entries: entriesOf(inside) });
  return entries;
}

/** All streams of a compound file by path. */
export async function streamsOf(bytes: Uint8Array): Promise<Record<string, Uint8Array>> {
  const file = await readCompoundFile(memorySource(bytes));
  const streams: Record<string, Uint8Array> = {};
  for (const [path, stream] of pathsOf(file.root)) streams[path] = await file.read(stream, bytes.length);
  return streams;
}

/** The streams below a storage, each with its path. */
export const pathsOf = ({ entries }: CompoundStorage, above = ''): [path: string, stream: CompoundStream][] =>
  entries.flatMap((entry): [string, CompoundStream][] =>
    entry.kind === 'stream' ? [[above + entry.name, entry]] : pathsOf(entry, `${above}${entry.name}/`),
  );
