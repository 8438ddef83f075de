import type { WaitOptions } from '../../bytes/index.ts';
import type { CipherModeName } from '../../cipher/index.ts';
import type { ContainerName, DocumentSettings, MailOutput } from '../../container/index.ts';
import type { LicensingService } from '../../licensing/index.ts';
import type { PolicyChoice } from '../../protection/index.ts';
import type { BulkProgress } from './bulk-report.ts';
import type { MessagePolicy } from './message-policy.ts';
import type { FileOutcome } from './outcome.ts';
import type { BulkRules } from './rules/bulk-rules.ts';
import type { FileSelection } from './selection/file-selection.ts';
import type { FileStorage } from './storage/file-storage.ts';

/** What every bulk run takes. */
export interface BulkOptions extends WaitOptions {
  /** Which files of the folders that are named. */
  readonly selection?: FileSelection | undefined;
  /** Only says what would be done; of the service only templates that rules name are asked, and nothing is written, no journal either. */
  readonly dryRun?: boolean | undefined;
  /**
   * Path of the journal. If there is one of the same run, the run goes on where it stopped; one of another run is
   * refused with `JOURNAL_UNUSABLE`. Without a journal a run that was killed starts anew and skips what is done.
   */
  readonly journal?: string | undefined;
  /** Files in progress at once; by default what was measured to be best (spec/bulk.md, "Concurrency"). */
  readonly concurrency?: number | undefined;
  /** Threads beside this one; by default one a processor; 0 works in this thread only. */
  readonly threads?: number | undefined;
  /** Where the script of the threads is, for programs that are bundled into one file; by default beside this library. */
  readonly workerScript?: URL | undefined;
  /** Paths that are never touched, with what is in them: the authority's folder, for one. */
  readonly keepOut?: readonly string[] | undefined;
  /** Where the files are, if not on paths of this machine. */
  readonly storage?: FileStorage | undefined;
  /** Called with each file as it is settled. What it returns is waited for. */
  readonly onFile?: ((outcome: FileOutcome) => void | Promise<void>) | undefined;
  /** Called a few times a second. */
  readonly onProgress?: ((progress: BulkProgress) => void) | undefined;
  /** The clock, for tests. */
  readonly now?: (() => Date) | undefined;
}

/** Where the new files of a bulk run go. At most one of `out` and `inPlace`; by default beside the originals. */
export interface BulkOutput {
  /** Folder that gets the same tree as the input; created if need be. */
  readonly out?: string | undefined;
  readonly inPlace?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
  /** Permission bits of new files. */
  readonly mode?: number | undefined;
  /** False leaves it to the system when new files reach the disk: faster, and lost with the power. By default true. */
  readonly durable?: boolean | undefined;
}

/** What a bulk run that publishes takes beside. */
export interface BulkPublishing {
  readonly service: LicensingService;
  readonly interop?: 'microsoft' | undefined;
  readonly cipherMode?: CipherModeName | undefined;
  readonly format?: ContainerName | undefined;
  /**
   * What can be chosen for documents of one kind: the cover page of PDFs, the clear text and the attachments of messages.
   * Rules may say it for their files.
   */
  readonly settings?: DocumentSettings | undefined;
  /** E-mail address of the owner; `file` takes each file's owner in the file system, by `owners`. */
  readonly owner?: string | undefined;
  /** E-mail addresses by user name or number, for `owner: 'file'`. A file whose owner is not among them fails. */
  readonly owners?: Readonly<Record<string, string>> | undefined;
  /**
   * `per-file` (default): each file has a license and a content id of its own. `per-policy`: files with the same
   * policy share one, which is faster, and are revoked together; only with a cipher mode that derives a key a file
   * (`SEALWRIGHT.GCM64K`).
   */
  readonly licenses?: 'per-file' | 'per-policy' | undefined;
  /** Sign licenses here instead of asking the service for each, if it allows that (spec/bulk.md, "Offline publishing"). */
  readonly publishOffline?: boolean | undefined;
}

/** A policy, a template, or a policy that goes by whom each message is sent to; exactly one. */
export type BulkPolicyChoice =
  | (PolicyChoice & { readonly messagePolicy?: undefined })
  | { readonly messagePolicy: MessagePolicy; readonly policy?: undefined; readonly template?: undefined };

/** Options of `protectFiles`. */
export type ProtectFilesOptions = BulkOptions &
  BulkOutput &
  BulkPublishing &
  (
    | (BulkPolicyChoice & { readonly rules?: undefined })
    | {
        readonly rules: BulkRules;
        readonly policy?: undefined;
        readonly template?: undefined;
        readonly messagePolicy?: undefined;
      }
  );

/** Options of `reprotectFiles`. */
export type ReprotectFilesOptions = BulkOptions & BulkOutput & BulkPublishing & BulkPolicyChoice;

/** Options of `openFiles`: opened files go to `out`. */
export interface OpenFilesOptions extends BulkOptions {
  readonly service: LicensingService;
  readonly out: string;
  readonly overwrite?: boolean | undefined;
  /** Rights that must be granted, too; files without them fail. */
  readonly require?: readonly string[] | undefined;
  /** The form that opened messages are to have; by default the one they came in, and MIME for a bare `message.rpmsg`. */
  readonly mailAs?: MailOutput | undefined;
  readonly durable?: boolean | undefined;
}

/** Options of `removeProtectionFromFiles`. */
export interface RemoveProtectionFromFilesOptions extends BulkOptions, BulkOutput {
  readonly service: LicensingService;
}

/** Options of `inspectFiles`: what is found comes through `onFile`. */
export type InspectFilesOptions = BulkOptions;
