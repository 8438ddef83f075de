import { constants } from 'node:fs';
import { Descriptor } from './descriptor.ts';

/** Makes new names in `folder` survive a loss of power, on systems where that is done through the folder. */
export async function syncFolder(folder: string): Promise<void> {
  let descriptor: Descriptor | undefined;
  try {
    descriptor = new Descriptor(folder, constants.O_RDONLY, { small: true });
    await descriptor.sync();
  } catch {
    // Windows and some network disks cannot; a folder that may be written but not listed cannot be opened.
  } finally {
    await descriptor?.close().catch(() => undefined);
  }
}
