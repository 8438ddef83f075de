import type { CipherModeName } from '../../cipher/index.ts';
import type { ContainerName, DocumentSettings, MailOutput } from '../../container/index.ts';
import type { NewLabel } from '../../label/index.ts';
import type { PolicyInput } from '../../rights/index.ts';
import type { MessagePolicy } from './message-policy.ts';

/** What a bulk run does to each of its files. */
export type BulkOperation = 'protect' | 'open' | 'reprotect' | 'unprotect' | 'inspect';

/**
 * What is to be done with one file, in plain data: the same record goes to a worker thread, into a journal, and to
 * a worker on another machine. It holds no key and no token.
 */
export interface FileTask {
  /** Number of the file in its run, from 0. */
  readonly number: number;
  /** Path of the file, as it was listed. */
  readonly path: string;
  /** Path below the folder where the listing began, for writing the same tree elsewhere; only the name, for a file that was named itself. */
  readonly relativePath: string;
  readonly settings: TaskSettings;
  /** When the run began, as an ISO time: what an earlier attempt of this run made is not older than that. */
  readonly runStartedAt: string;
  /** Whether an earlier attempt may have got any way with this file: it was killed, or nobody knows. */
  readonly resumed: boolean;
}

/** How a task is carried out. Several tasks share one object. */
export interface TaskSettings {
  readonly operation: BulkOperation;
  /** Only to say what would be done. */
  readonly dryRun?: boolean | undefined;
  /** Name of the rule that decided, in runs with rules. */
  readonly rule?: string | undefined;
  /**
   * For `protect` and `reprotect`: a policy, a template, or a policy that goes by whom each message is sent to; exactly one,
   * unless only a label is to be set.
   */
  readonly policy?: PolicyInput | undefined;
  readonly template?: string | undefined;
  readonly messagePolicy?: MessagePolicy | undefined;
  /** For `protect`: the label that the file is to state; without policy and template, all that is done. */
  readonly label?: NewLabel | undefined;
  readonly interop?: 'microsoft' | undefined;
  readonly cipherMode?: CipherModeName | undefined;
  readonly format?: ContainerName | undefined;
  /** What can be chosen for documents of one kind: cover pages, stubs, attachments. */
  readonly documentSettings?: DocumentSettings | undefined;
  /** E-mail address of the owner; `file` takes the owner that the file system names (spec/bulk.md, "Owners"). */
  readonly owner?: string | undefined;
  /** E-mail addresses of the file system's owners, by user name or number. Only for `owner: 'file'`. */
  readonly owners?: Readonly<Record<string, string>> | undefined;
  /** For `open`: rights that must be granted, too. */
  readonly require?: readonly string[] | undefined;
  /** For `open`: the form of opened messages; by default the one they came in. */
  readonly mailAs?: MailOutput | undefined;
  /** Folder that gets the same tree; by default each file goes beside its original. */
  readonly out?: string | undefined;
  readonly inPlace?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
  /** Permission bits of new files. */
  readonly mode?: number | undefined;
  /** False leaves it to the system when new files reach the disk: faster, and lost with the power. */
  readonly durable?: boolean | undefined;
}
