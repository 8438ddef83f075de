import type { DocumentSettings } from '../../../container/index.ts';
import type { NewLabel } from '../../../label/index.ts';
import type { PolicyInput } from '../../../rights/index.ts';
import type { MessagePolicy } from '../message-policy.ts';
import type { FileSelection } from '../selection/file-selection.ts';

/** One rule: files that match get what it says. */
export interface BulkRule {
  /** For reports; by default the rule's number from 1. */
  readonly name?: string | undefined;
  /** Which files; without it, every file. */
  readonly match?: FileSelection | undefined;
  /** At least one of these; `skip` stands alone. A template may be named by its id or its exact name. */
  readonly template?: string | undefined;
  readonly policy?: PolicyInput | undefined;
  /** Instead of both: each message for those it is sent to. */
  readonly messagePolicy?: MessagePolicy | undefined;
  readonly label?: NewLabel | undefined;
  readonly skip?: boolean | undefined;
  readonly owner?: string | undefined;
  /** For PDFs and messages; what stands here for one of them takes the place of what the run says of it. */
  readonly settings?: DocumentSettings | undefined;
}

/** Which files get what. The first rule that matches a file decides; a file that none matches is skipped. */
export interface BulkRules {
  readonly rules: readonly BulkRule[];
}
