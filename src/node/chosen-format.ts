import type { WaitOptions } from '../bytes/index.ts';
import {
  type ContainerFormat,
  type ContainerName,
  containerFormats,
  detectionBytes,
} from '../container/index.ts';
import type { FileSource } from './file-source.ts';

/** What decides on the format of a file that is to be protected. */
export interface FormatChoice extends WaitOptions {
  readonly name: string;
  readonly format?: ContainerName | undefined;
}

/**
 * The format a file will be protected in. The new file's name depends on it, and must be free before a
 * license is asked for. Whether the format that was asked for takes the file is left to `protect`.
 */
export async function chosenFormat(source: FileSource, choice: FormatChoice): Promise<ContainerFormat> {
  const { name, format, signal } = choice;
  if (format !== undefined) return formatNamed(format);
  const head = new Uint8Array(await source.read(0, detectionBytes, { signal }));
  for (const each of containerFormats)
    if (each.mayTake(head, name) && (await each.examine({ head, source, name }, { signal })) !== undefined)
      return each;
  return formatNamed('pfile');
}

/** The format with this name. */
export function formatNamed(name: ContainerName): ContainerFormat {
  return containerFormats.find((format) => format.name === name) as ContainerFormat;
}
