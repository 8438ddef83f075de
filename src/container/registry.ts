import type { ContainerFormat } from './container-format.ts';
import { pfileFormat } from './pfile/format.ts';

/** Every container format that can be read and written. */
export const containerFormats: readonly ContainerFormat[] = Object.freeze([pfileFormat]);

/** The format of a file that starts with `head`, if it is one of {@link containerFormats}. */
export const detectContainer = (head: Uint8Array): ContainerFormat | undefined =>
  containerFormats.find((format) => format.detect(head));
