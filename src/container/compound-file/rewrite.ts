import { type ByteSource, maxima, sliceSource, type WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { CompoundEntry, CompoundFile, CompoundStorage } from './compound-file.ts';
import { compoundFileSource, layoutCompoundFile } from './layout.ts';
import { nameProblem, upperCaseName } from './names.ts';
import type { NewStorage, NewStream } from './new-compound-file.ts';

/** What becomes of a path: other bytes, or `undefined` to remove what is there. */
export type CompoundFileChanges = ReadonlyMap<string, Uint8Array | ByteSource | undefined>;

/**
 * A compound file with some of its streams replaced, added or removed, and everything else kept: other
 * contents, names, class ids, state bits and times (spec/compound-file.md, "Writing"). The result shares the
 * other contents with the file, so the file's source must stay open and unchanged while it is read.
 *
 * The version stays the same, unless the result is too large for version 3. What the format says must be
 * zero is zero afterwards, and space that belonged to nothing is gone.
 *
 * @param file the file as it was read
 * @param changes by path from the root, names joined by `/` and compared without case. Bytes replace a
 *   stream, or add one; storages on the way are made where they are missing. `undefined` removes a stream,
 *   or a storage with everything in it; nothing happens if there is none
 *
 * Throws `INVALID_ARGUMENT` if a path is none, leads through a stream or would replace a storage by a
 * stream; `LIMIT_EXCEEDED` for too many entries. The first read throws what the file's own streams throw if
 * they are damaged, before it gives a byte.
 *
 * @example
 * ```ts
 * const labelled = rewriteCompoundFile(file, new Map([['\x05DocumentSummaryInformation', summary]]));
 * ```
 */
export function rewriteCompoundFile(file: CompoundFile, changes: CompoundFileChanges): ByteSource {
  const kept: ByteSource[] = [];
  const change = changeTree(changes);
  const { classId, stateBits, modified } = file.root;
  const entries = changedEntries(file, kept, file.root, change);
  const version = file.version === 4 ? 4 : undefined;
  const source = compoundFileSource(
    layoutCompoundFile({ classId, stateBits, modified, entries }, { version }),
  );
  return afterFirstBytes(kept, source);
}

/** The changes as a tree: by name in upper case what becomes of an entry, or what changes inside it. */
interface Change {
  /** The name as the caller wrote it, for entries that are new. */
  readonly name: string;
  readonly inside: Map<string, Change>;
  /** Set where a path ends. */
  content?: { readonly bytes: Uint8Array | ByteSource | undefined };
}

function changeTree(changes: CompoundFileChanges): Change {
  const top: Change = { name: '', inside: new Map() };
  for (const [path, bytes] of changes) {
    let change = top;
    const names = path.split('/');
    if (names.length > maxima.compoundDepth)
      throw invalid(`A path in a compound file has at most ${maxima.compoundDepth} names.`);
    for (const name of names) {
      const upper = upperCaseName(name);
      let next = change.inside.get(upper);
      if (next === undefined) {
        next = { name, inside: new Map() };
        change.inside.set(upper, next);
      }
      change = next;
    }
    if (change.content !== undefined)
      throw invalid(
        'The same stream of a compound file is to be changed twice; upper and lower case are the same there.',
      );
    change.content = { bytes };
  }
  return top;
}

function changedEntries(
  file: CompoundFile,
  kept: ByteSource[],
  storage: CompoundStorage | undefined,
  change: Change | undefined,
): (NewStorage | NewStream)[] {
  const entries: (NewStorage | NewStream)[] = [];
  const rest = new Map(change?.inside);
  for (const entry of storage?.entries ?? []) {
    const upper = upperCaseName(entry.name);
    const inside = rest.get(upper);
    rest.delete(upper);
    const changed = changedEntry(file, kept, entry, inside);
    if (changed !== undefined) entries.push(changed);
  }
  for (const added of rest.values()) {
    const made = newEntry(added);
    if (made !== undefined) entries.push(made);
  }
  return entries;
}

// No deeper than the directory that was read, which has a limit.
function changedEntry(
  file: CompoundFile,
  kept: ByteSource[],
  entry: CompoundEntry,
  change: Change | undefined,
): NewStorage | NewStream | undefined {
  const { name } = entry;
  const content = change?.content;
  if (change !== undefined && content !== undefined && content.bytes === undefined)
    return newEntry({ name: change.name, inside: change.inside });
  if (change !== undefined && change.inside.size > 0 && (entry.kind === 'stream' || content !== undefined))
    throw throughStream();
  if (entry.kind === 'stream') {
    if (content?.bytes !== undefined) return { kind: 'stream', name, content: content.bytes };
    const opened = file.open(entry);
    kept.push(opened);
    return { kind: 'stream', name, content: opened };
  }
  if (content !== undefined)
    throw invalid('A storage of a compound file cannot be replaced by a stream. Remove it first.');
  const { classId, stateBits, created, modified } = entry;
  const entries = changedEntries(file, kept, entry, change);
  return { kind: 'storage', name, classId, stateBits, created, modified, entries };
}

/** What a change makes where there is nothing; nothing if all it does is to remove. */
function newEntry({ name, inside, content }: Change): NewStorage | NewStream | undefined {
  const bytes = content?.bytes;
  if (bytes !== undefined && inside.size > 0) throw throughStream();
  const entries: (NewStorage | NewStream)[] = [];
  for (const change of inside.values()) {
    const made = newEntry(change);
    if (made !== undefined) entries.push(made);
  }
  if (bytes === undefined && entries.length === 0) return undefined;
  const problem = nameProblem(name);
  if (problem !== undefined)
    throw invalid(`A path to be changed in a compound file has a name that is none: ${problem}.`);
  return bytes === undefined ? { kind: 'storage', name, entries } : { kind: 'stream', name, content: bytes };
}

/**
 * A source that gives nothing before the first byte of each of `parts` was read, and so its chain of sectors
 * followed: a few bytes may claim a stream of terabytes, and the tables for it would be written first.
 */
function afterFirstBytes(parts: readonly ByteSource[], source: ByteSource): ByteSource {
  let checked = false;
  const check = async (options: WaitOptions | undefined): Promise<void> => {
    for (const part of parts) if (part.size !== 0) await part.read(0, 1, options);
    checked = true;
  };
  const { size, read, readInto } = source;
  const whole: ByteSource = {
    size,
    seekable: true,
    read: (offset, length, options) =>
      checked ? read(offset, length, options) : check(options).then(() => read(offset, length, options)),
    ...(readInto && {
      readInto: (offset, target, options) =>
        checked
          ? readInto(offset, target, options)
          : check(options).then(() => readInto(offset, target, options)),
    }),
    slice: (offset, length) => sliceSource(whole, offset, length),
  };
  return whole;
}

function throughStream(): SealwrightError {
  return invalid(
    'A path to be changed in a compound file leads through a stream; only storages hold others.',
  );
}

function invalid(message: string): SealwrightError {
  return new SealwrightError('INVALID_ARGUMENT', message);
}
