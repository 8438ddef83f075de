import type { ContainerFormat } from '../container-format.ts';
import { pfileHeader } from './layout.ts';
import { originalName, protectedName } from './naming.ts';
import { readPfile } from './read.ts';
import { detectPfile } from './signature.ts';

/** The PFILE format, under all its names: `.pfile`, `.ptxt`, `.pjpg`, … (spec/pfile.md). */
export const pfileFormat = Object.freeze({
  name: 'pfile',
  detect: detectPfile,
  read: readPfile,
  header: pfileHeader,
  protectedName,
  originalName,
} satisfies ContainerFormat);
