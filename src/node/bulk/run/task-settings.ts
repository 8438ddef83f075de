import type { BulkOutput, BulkPublishing } from '../bulk-options.ts';
import type { TaskSettings } from '../task.ts';

/** Those of the options that say where new files go. */
export const outputSettings = ({
  out,
  inPlace,
  overwrite,
  mode,
  durable,
}: BulkOutput): Partial<TaskSettings> => ({
  out,
  inPlace,
  overwrite,
  mode,
  durable,
});

/** Those of the options that say how files are published. */
export const publishingSettings = ({
  interop,
  cipherMode,
  format,
  settings,
  owner,
  owners,
}: BulkPublishing): Partial<TaskSettings> => ({
  interop,
  cipherMode,
  format,
  documentSettings: settings,
  owner,
  owners,
});
