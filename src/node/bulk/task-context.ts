import type { WaitOptions } from '../../bytes/index.ts';
import type { LicensingService } from '../../licensing/index.ts';
import type { ContentCarrier } from '../../protection/index.ts';
import type { FlushGroup } from '../flush-group.ts';
import type { FileStorage } from './storage/file-storage.ts';

/** What the tasks of one thread share. */
export interface TaskContext extends WaitOptions {
  /** Absent where nothing is asked of one: `inspect`, a dry run. */
  readonly service?: LicensingService | undefined;
  readonly storage?: FileStorage | undefined;
  readonly carrier?: ContentCarrier | undefined;
  /** Flushes of many files and folders, gathered. */
  readonly flush?: FlushGroup | undefined;
}
