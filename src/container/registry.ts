import type { ContainerFormat } from './container-format.ts';
import { officeFormat } from './office/format.ts';
import { pfileFormat } from './pfile/format.ts';

/** Every container format, in the order in which they are offered a document: PFILE takes what no other takes. */
export const containerFormats: readonly ContainerFormat[] = Object.freeze([officeFormat, pfileFormat]);
