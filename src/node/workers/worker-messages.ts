import type { SealwrightErrorCode, SealwrightErrorDetails } from '../../errors.ts';

/** Stands in the script of the threads (`worker.ts`) too, so that no other is taken for it. Changes with the messages. */
export const workerProtocol = 'sealwright-worker-1';

/** What a thread is started with. */
export interface WorkerStart {
  readonly protocol: string;
  /** One `Int32`: the number of the job that is to stop, for jobs that never look at messages. */
  readonly stopFlag: SharedArrayBuffer;
}

/** What a thread is told. */
export type MessageToWorker =
  | { readonly kind: 'job'; readonly number: number; readonly name: string; readonly data: unknown }
  | { readonly kind: 'abort'; readonly number: number };

/** What a thread says. */
export type MessageFromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'report'; readonly number: number; readonly report: unknown }
  | { readonly kind: 'done'; readonly number: number; readonly result: unknown }
  | { readonly kind: 'failed'; readonly number: number; readonly error: PackedError };

/** An error in plain data. */
export interface PackedError {
  readonly code: SealwrightErrorCode;
  readonly message: string;
  readonly details: SealwrightErrorDetails;
  /** For people who look for the fault: kind and place of an unexpected error, never its message. */
  readonly cause?: string | undefined;
}
