import type { SealwrightErrorCode } from '../../errors.ts';
import type { Inspection } from '../../protection/index.ts';

/**
 * Why nothing was done with a file, though nothing failed:
 * - `protected-as-asked`: protected already with the template that was asked for
 * - `already-protected`: protected already, otherwise or under a policy that only its license knows
 * - `not-protected`: there is nothing to open, reprotect or remove
 * - `not-a-message`: the policy goes by whom a message is sent to, and this is none
 * - `labelled-as-asked`: it states that label already
 * - `by-rule`: a rule says so, or no rule matches
 * - `excluded`: a folder or a type that is left out by default
 * - `not-selected`: the filters leave it out
 * - `symbolic-link`, `special-file`: not followed, not read
 * - `own-file`: belongs to the authority, to the run itself, or lies in its output
 * - `dry-run`: would have been done
 */
export type SkipReason =
  | 'protected-as-asked'
  | 'already-protected'
  | 'not-protected'
  | 'not-a-message'
  | 'labelled-as-asked'
  | 'by-rule'
  | 'excluded'
  | 'not-selected'
  | 'symbolic-link'
  | 'special-file'
  | 'own-file'
  | 'dry-run';

/**
 * What else is known of a new file: what `protectFile` and `openFile` say of theirs, in plain data. Handed to `onFile`
 * and not kept in journals.
 */
export interface OutputFacts {
  /** Of protected files. */
  readonly format?: string | undefined;
  readonly formatVersion?: string | undefined;
  readonly cipherMode?: string | undefined;
  /** Hard links that still lead to the file as it was. */
  readonly otherNames?: number | undefined;
  /** Of opened files. */
  readonly rights?: readonly string[] | undefined;
  readonly issuedTo?: string | undefined;
  readonly owner?: string | undefined;
  readonly templateId?: string | undefined;
  readonly authenticated?: boolean | undefined;
  /** ISO times. */
  readonly contentValidUntil?: string | undefined;
  readonly licenseValidUntil?: string | undefined;
  readonly onlineOnly?: boolean | undefined;
}

/** What came of one file. Plain data, as it stands in journals, reports and databases. */
export interface FileOutcome {
  /** Number of the file in its run; `undefined` for what was never a task, such as a folder that cannot be listed. */
  readonly number: number | undefined;
  readonly path: string;
  readonly status: 'done' | 'skipped' | 'failed';
  /** Path of the new file, if one was made. */
  readonly output?: string | undefined;
  /** GUID in braces. */
  readonly contentId?: string | undefined;
  readonly bytesIn?: number | undefined;
  readonly bytesOut?: number | undefined;
  /** Set if `skipped`. */
  readonly reason?: SkipReason | undefined;
  /** Set if `failed`; of `skipped` files a sentence that says more. The message is for people. */
  readonly error?: { readonly code: SealwrightErrorCode; readonly message: string } | undefined;
  /** Name of the rule that decided, in runs with rules. */
  readonly rule?: string | undefined;
  /** True if an earlier attempt of this run had done the work and only could not say so any more. */
  readonly finishedEarlier?: boolean | undefined;
  /** What `inspect` found. */
  readonly inspection?: Inspection | undefined;
  /** More about the new file. */
  readonly facts?: OutputFacts | undefined;
  /** How long the file took. */
  readonly milliseconds?: number | undefined;
}
