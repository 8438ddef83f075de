import type { FileOutcome } from '../outcome.ts';
import type { TaskSettings } from '../task.ts';

/** What a listing gives: files to be worked on, and what is settled by looking at it. */
export type Listed =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly relativePath: string;
      /** Bytes, as far as the listing knows. */
      readonly size: number | undefined;
      readonly settings: TaskSettings;
    }
  | { readonly kind: 'settled'; readonly outcome: FileOutcome };
