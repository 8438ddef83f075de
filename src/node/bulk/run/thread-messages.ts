import type { MessagePort } from 'node:worker_threads';
import type { ServiceRecipe } from '../../../licensing/service-recipe.ts';
import type { FileOutcome } from '../outcome.ts';
import type { TicketedTask } from './lane.ts';

/** What the job `file-tasks` is started with. */
export interface FileTasksStart {
  /** Where tasks come from and outcomes go. */
  readonly tasks: MessagePort;
  /** Where the licensing service is asked, if there is one. */
  readonly licensing: MessagePort | undefined;
  /** How the thread opens the same service for itself, if it can: then it asks nobody. */
  readonly recipe: ServiceRecipe | undefined;
  /** Files in progress at once. */
  readonly concurrency: number;
}

/** To the thread. Tasks of one batch share their settings, and still do so when they arrive. */
export type ToThread =
  | { readonly kind: 'tasks'; readonly tasks: readonly TicketedTask[] }
  | { readonly kind: 'abort' }
  | { readonly kind: 'end' };

/** From the thread. */
export type FromThread =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'outcomes';
      readonly outcomes: readonly { readonly ticket: number; readonly outcome: FileOutcome | undefined }[];
    };
