import { type ByteSource, maxima } from '../../bytes/index.ts';
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
 * stream; `LIMIT_EXCEEDED` for too many entries. Reading from the result fails as the file's own streams do.
 *
 * @example
 * ```ts
 * const labelled = rewriteCompoundFile(file, new Map([['\x05DocumentSummaryInformation', summary]]));
 * ```
 */
export function rewriteCompoundFile(file: CompoundFile, changes: CompoundFileChanges): ByteSource {
  const change = changeTree(changes);
  const { classId, stateBits, modified } = file.root;
  const entries = changedEntries(file, file.root, change);
  const version = file.version === 4 ? 4 : undefined;
  return compoundFileSource(layoutCompoundFile({ classId, stateBits, modified, entries }, { version }));
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
  storage: CompoundStorage | undefined,
  change: Change | undefined,
): (NewStorage | NewStream)[] {
  const entries: (NewStorage | NewStream)[] = [];
  const rest = new Map(change?.inside);
  for (const entry of storage?.entries ?? []) {
    const upper = upperCaseName(entry.name);
    const inside = rest.get(upper);
    rest.delete(upper);
    const changed = changedEntry(file, entry, inside);
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
  entry: CompoundEntry,
  change: Change | undefined,
): NewStorage | NewStream | undefined {
  const { name } = entry;
  const content = change?.content;
  if (change !== undefined && content !== undefined && content.bytes === undefined)
    return newEntry({ name: change.name, inside: change.inside });
  if (change !== undefined && change.inside.size > 0 && (entry.kind === 'stream' || content !== undefined))
    throw throughStream();
  if (entry.kind === 'stream') return { kind: 'stream', name, content: content?.bytes ?? file.open(entry) };
  if (content !== undefined)
    throw invalid('A storage of a compound file cannot be replaced by a stream. Remove it first.');
  const { classId, stateBits, created, modified } = entry;
  const entries = changedEntries(file, entry, change);
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

function throughStream(): SealwrightError {
  return invalid(
    'A path to be changed in a compound file leads through a stream; only storages hold others.',
  );
}

function invalid(message: string): SealwrightError {
  return new SealwrightError('INVALID_ARGUMENT', message);
}
