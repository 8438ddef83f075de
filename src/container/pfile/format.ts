import type { ByteSource, WaitOptions } from '../../bytes/index.ts';
import type { ContainerFormat } from '../container-format.ts';
import { pfileHeader } from './layout.ts';
import { originalName, protectedName } from './naming.ts';
import { type PfileContainer, readPfile } from './read.ts';
import { detectPfile } from './signature.ts';

/** {@link ContainerFormat} whose containers tell the fields of their header too. */
export interface PfileFormat extends ContainerFormat {
  /** Whether a file that starts with `head` is a PFILE. */
  detect(head: Uint8Array): boolean;
  read(source: ByteSource, options?: WaitOptions): Promise<PfileContainer>;
}

/** The PFILE format, under all its names: `.pfile`, `.ptxt`, `.pjpg`, … (spec/pfile.md). */
export const pfileFormat: PfileFormat = Object.freeze({
  name: 'pfile',
  encrypts: 'content',
  needsRandomAccess: false,
  detect: detectPfile,
  read: readPfile,
  mayTake: () => true,
  // What no other format takes is protected in this one, whatever it is.
  examine: async () => ({}),
  fillTo: ({ alignment }: { readonly alignment: number }) => alignment,
  header: pfileHeader,
  protectedName,
  originalName,
});
