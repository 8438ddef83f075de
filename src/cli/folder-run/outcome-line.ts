import type { BulkOperation, FileOutcome } from '../../node/index.ts';
import { skipWords } from '../../node/index.ts';

type Line = Readonly<Record<string, unknown>>;

/** What came of a file, as one line of JSON says it (spec/cli.md, "JSON"). */
export function outcomeLine(operation: BulkOperation, outcome: FileOutcome): Line {
  const { path: file, status, error, reason, rule = null } = outcome;
  if (status === 'failed') return { file, error: { ...error, path: file } };
  if (status === 'done') return { file, ...doneLine[operation](outcome) };
  return {
    file,
    skipped: {
      code: error?.code ?? codeOf(reason),
      message: skipMessage(outcome),
      reason: reason ?? null,
      rule,
    },
  };
}

/** Why a file was passed over, in a sentence. */
export function skipMessage({ path, reason, error }: FileOutcome): string {
  return (
    error?.message ?? `${path} is passed over: ${reason === undefined ? 'nothing to do' : skipWords[reason]}.`
  );
}

function codeOf(reason: FileOutcome['reason']): string | null {
  if (reason === 'protected-as-asked' || reason === 'already-protected') return 'ALREADY_PROTECTED';
  return reason === 'not-protected' ? 'NOT_PROTECTED' : null;
}

const protectedLine = ({
  output,
  contentId,
  bytesIn,
  bytesOut,
  facts,
  finishedEarlier,
  rule,
}: FileOutcome): Line => ({
  output: output ?? null,
  contentId: contentId ?? null,
  format: facts?.format ?? null,
  formatVersion: facts?.formatVersion ?? null,
  cipherMode: facts?.cipherMode ?? null,
  bytesIn: bytesIn ?? null,
  bytesOut: bytesOut ?? null,
  finishedEarlierRun: finishedEarlier ?? false,
  otherNames: facts?.otherNames ?? null,
  rule: rule ?? null,
});

const doneLine: Readonly<Record<BulkOperation, (outcome: FileOutcome) => Line>> = {
  protect: protectedLine,
  reprotect: protectedLine,
  open: ({ output, contentId, bytesOut, facts }) => ({
    output: output ?? null,
    size: bytesOut ?? null,
    rights: facts?.rights ?? null,
    issuedTo: facts?.issuedTo ?? null,
    owner: facts?.owner ?? null,
    contentId: contentId ?? null,
    templateId: facts?.templateId ?? null,
    format: facts?.format ?? null,
    cipherMode: facts?.cipherMode ?? null,
    authenticated: facts?.authenticated ?? null,
    contentValidUntil: facts?.contentValidUntil ?? null,
    licenseValidUntil: facts?.licenseValidUntil ?? null,
    onlineOnly: facts?.onlineOnly ?? null,
  }),
  unprotect: ({ output, contentId, bytesIn, bytesOut }) => ({
    output: output ?? null,
    contentId: contentId ?? null,
    bytesIn: bytesIn ?? null,
    bytesOut: bytesOut ?? null,
  }),
  inspect: ({ inspection }) => ({ ...inspection }),
};
