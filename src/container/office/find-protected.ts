import { maxima, type WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type {
  CompoundEntry,
  CompoundFile,
  CompoundStorage,
  CompoundStream,
} from '../compound-file/compound-file.ts';
import { parseDefinition } from './data-spaces/definition.ts';
import { type DataSpaceMapEntry, parseMap } from './data-spaces/map.ts';
import {
  dataSpacesStorage,
  definitionsStorage,
  encryptionInfoStream,
  mapStream,
  primaryStream,
  transformsStorage,
  versionStream,
} from './data-spaces/names.ts';
import {
  isTransform,
  parseRightsManagement,
  parseTransformHeader,
  passwordEncryptionId,
  type RightsManagementTransform,
  rightsManagementId,
} from './data-spaces/transform.ts';
import {
  checkReadable,
  type DataSpaceVersion,
  mayBeModified,
  parseVersion,
  type Versions,
  versionText,
} from './data-spaces/version.ts';

/** What is protected in a compound file, and how. */
export interface ProtectedStream {
  readonly content: CompoundStream;
  /** Holds the transform, and use licenses kept in the file. */
  readonly transformStorage: CompoundStorage;
  readonly transform: RightsManagementTransform;
  readonly versions: Versions;
}

/**
 * Finds the rights-managed stream by the map of data spaces: its entry names a stream of the root and a data
 * space, whose definition names a transform, whose class id says rights management. Names are not relied
 * upon: envelopes of XPS documents have others (spec/office.md, "Finding the content").
 *
 * Throws `NOT_PROTECTED`, `UNSUPPORTED_FORMAT` (protected in another way), `UNSUPPORTED_VERSION`,
 * `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`.
 */
export async function findProtected(file: CompoundFile, options?: WaitOptions): Promise<ProtectedStream> {
  const { versions } = await readDataSpaces(file, options);
  const map = parseMap(await readSmall(file, [mapStream], options));
  // A small map could have a large license read again and again: what led nowhere once is not looked at twice.
  const looked = new Set<CompoundEntry>();
  let failure: unknown;
  for (const entry of map.entries) {
    try {
      const found = await resolve(file, entry, looked, options);
      if (found !== undefined) return Object.freeze({ ...found, versions });
    } catch (error) {
      if (!(error instanceof SealwrightError)) throw error;
      // The first thing that is wrong is told, unless another entry of the map leads to the content.
      failure ??= error;
    }
  }
  throw failure ?? damaged('its map of data spaces names nothing that is protected');
}

/**
 * Refuses to change a protected file that only writers of a newer version may change, with `UNSUPPORTED_VERSION`
 * (spec/office.md, "Version"). Throws too what {@link findProtected} throws for a file whose version cannot be read.
 */
export async function checkModifiable(file: CompoundFile, options?: WaitOptions): Promise<void> {
  const { versions } = await readDataSpaces(file, options);
  if (mayBeModified(versions)) return;
  throw new SealwrightError(
    'UNSUPPORTED_VERSION',
    `The Office file may only be changed by programs that know version ${versionText(versions.updater)} of data spaces; this one knows version 1.0. Change it in the application it was made with, or update Sealwright.`,
  );
}

async function readDataSpaces(
  file: CompoundFile,
  options: WaitOptions | undefined,
): Promise<DataSpaceVersion> {
  if (file.find(dataSpacesStorage)?.kind !== 'storage') throw withoutDataSpaces(file);
  const version = parseVersion(await readSmall(file, [versionStream], options));
  checkReadable(version.versions, 'Office file');
  return version;
}

/** What one entry of the map leads to; `undefined` if it is not about a stream of the root, or was `looked` at. */
async function resolve(
  file: CompoundFile,
  { components, dataSpace }: DataSpaceMapEntry,
  looked: Set<CompoundEntry>,
  options: WaitOptions | undefined,
): Promise<Omit<ProtectedStream, 'versions'> | undefined> {
  const [component, another] = components;
  if (component?.kind !== 'stream' || another !== undefined) return undefined;
  const isNew = (entry: CompoundEntry | undefined): boolean => {
    if (entry === undefined) return true;
    const before = looked.size;
    return looked.add(entry).size > before;
  };
  const content = file.find(component.name);
  if (content?.kind !== 'stream') throw damaged('the stream with the protected content is missing');
  if (!isNew(file.find(dataSpacesStorage, definitionsStorage, dataSpace))) return undefined;
  const definition = parseDefinition(await readSmall(file, [definitionsStorage, dataSpace], options));
  const [name, second] = definition.transforms;
  if (name === undefined) throw damaged('a data space names no transform');
  // The viewer's copy in old files is compressed too, and is not what is wanted, [MS-OFFCRYPTO] 2.2.2.
  if (second !== undefined) throw unknownTransform('several transforms one after the other');

  const transformStorage = file.find(dataSpacesStorage, transformsStorage, name);
  const primary = file.find(dataSpacesStorage, transformsStorage, name, primaryStream);
  if (transformStorage?.kind !== 'storage' || primary?.kind !== 'stream')
    throw damaged('the transform of the protected content is missing');
  if (!isNew(primary)) return undefined;
  const bytes = await file.read(primary, maxima.transformBytes, options);
  const header = parseTransformHeader(bytes);
  if (isTransform(header, passwordEncryptionId)) throw passwordEncrypted();
  if (!isTransform(header, rightsManagementId)) throw unknownTransform(`the transform ${quoted(header.id)}`);
  checkReadable(header.versions, 'transform of the Office file');
  return { content, transformStorage, transform: parseRightsManagement(bytes) };
}

async function readSmall(
  file: CompoundFile,
  path: readonly string[],
  options: WaitOptions | undefined,
): Promise<Uint8Array> {
  const entry = file.find(dataSpacesStorage, ...path);
  if (entry?.kind === 'stream') return file.read(entry, maxima.dataSpaceBytes, options);
  throw damaged(`the stream ${path.map(quoted).join(' in ')} of its data spaces is missing`);
}

/** A name out of a file, fit to be shown. */
const quoted = (name: string): string => JSON.stringify(name.slice(0, 64));

function withoutDataSpaces(file: CompoundFile): SealwrightError {
  if (file.find(encryptionInfoStream) !== undefined) return passwordEncrypted();
  if (['EncryptedPackage', '\x09DRMContent'].some((name) => file.find(name) !== undefined))
    return damaged('the storage that says how its content is protected is missing');
  return new SealwrightError(
    'NOT_PROTECTED',
    'This Office file is not protected: it has no data spaces. Nothing needs to be opened: use it as it is.',
  );
}

const damaged = (problem: string): SealwrightError =>
  new SealwrightError(
    'MALFORMED_CONTAINER',
    `The protected Office file is damaged: ${problem}. Get a fresh copy of the file.`,
  );

const passwordEncrypted = (): SealwrightError =>
  new SealwrightError(
    'UNSUPPORTED_FORMAT',
    'The Office file is encrypted with a password, not with rights management. Open it in its application with the password, or remove the password first.',
  );

const unknownTransform = (what: string): SealwrightError =>
  new SealwrightError(
    'UNSUPPORTED_FORMAT',
    `The Office file is protected in a way this version does not know: by ${what}. Open it in the application it was made with.`,
  );
