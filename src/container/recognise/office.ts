import type { WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { CompoundFile, CompoundStorage } from '../compound-file/compound-file.ts';
import {
  binaryNames,
  dataSpacesStorage,
  encryptionInfoStream,
  packageNames,
  primaryStream,
  transformsStorage,
} from '../office/data-spaces/names.ts';
import {
  isTransform,
  parseTransformHeader,
  passwordEncryptionId,
  rightsManagementId,
  type TransformHeader,
} from '../office/data-spaces/transform.ts';
import { hasBinaryPassword } from './binary-password.ts';
import { startOf } from './start-of.ts';

/** What a compound file is, as far as protection goes. */
export type OfficeProtection = 'office' | 'office-password';

/**
 * Whether a compound file is protected by rights management or by a password ([MS-OFFCRYPTO] 2.1, 2.2, 2.3
 * and the flags of the old binary formats); `undefined` if neither. What is protected in an unknown or damaged way
 * counts as rights-managed: reading it says what is wrong (spec/office.md, "Detection").
 */
export async function officeProtection(
  file: CompoundFile,
  options?: WaitOptions,
): Promise<OfficeProtection | undefined> {
  const has = (name: string): boolean => file.find(name) !== undefined;
  const transforms = await transformsOf(file, options);
  const uses = (id: string): boolean => transforms.some((transform) => isTransform(transform, id));
  // Rights management first: its files carry a readable placeholder document beside the protected one.
  if (uses(rightsManagementId)) return 'office';
  if (uses(passwordEncryptionId) || has(encryptionInfoStream)) return 'office-password';
  if ([binaryNames.content, packageNames.content, dataSpacesStorage].some(has)) return 'office';
  return (await hasBinaryPassword(file, options)) ? 'office-password' : undefined;
}

/** Bytes that hold the class id of a transform, which stands at 8 and takes 80. */
const headLength = 256;
/** Transforms that are looked at; a file has one or two. */
const mostTransforms = 16;

async function transformsOf(
  file: CompoundFile,
  options: WaitOptions | undefined,
): Promise<TransformHeader[]> {
  const parent = file.find(dataSpacesStorage, transformsStorage);
  if (parent?.kind !== 'storage') return [];
  const storages = parent.entries.filter((entry): entry is CompoundStorage => entry.kind === 'storage');
  const found: TransformHeader[] = [];
  for (const { name } of storages.slice(0, mostTransforms)) {
    const primary = file.find(dataSpacesStorage, transformsStorage, name, primaryStream);
    if (primary?.kind !== 'stream') continue;
    try {
      found.push(parseTransformHeader(await startOf(file, primary, headLength, options)));
    } catch (error) {
      if (!(error instanceof SealwrightError)) throw error;
    }
  }
  return found;
}
