import type { BulkReport } from '../bulk-report.ts';
import { operationWords } from './operation-words.ts';
import { filesText, numberText } from './quantity-text.ts';

/** The outcome of a run in one sentence, and in a second one what follows from it. */
export interface Headline {
  readonly sentence: string;
  readonly consequence: string | undefined;
}

/** Says how a run went, to somebody who did not start it. */
export function headline(report: BulkReport): Headline {
  const { found, done, skipped, failed, dryRun, complete } = report;
  const { done: doneWord, toBeDone } = operationWords[report.operation];
  const were = (count: number): string => (count === 1 ? 'was' : 'were');
  if (found === 0 && failed === 0) {
    return {
      sentence: 'There was nothing to do.',
      consequence: 'No file was found that was to be worked on.',
    };
  }
  if (dryRun) {
    const wouldBe = report.skippedBecause['dry-run'] ?? 0;
    return {
      sentence: `${filesText(wouldBe)} would ${toBeDone}.`,
      consequence: `This was a dry run: nothing was changed.${failed > 0 ? ` ${filesText(failed)} could not be looked at.` : ''}`,
    };
  }
  if (!complete) {
    const open = Math.max(0, found - done - skipped - failed);
    return {
      sentence: `The run was ended early: ${filesText(done)} ${were(done)} ${doneWord}${open > 0 ? `, at least ${numberText(open)} are still to be done` : ''}.`,
      consequence: `${failed > 0 ? `${filesText(failed)} failed. ` : ''}What is done stays done; the same command again goes on from here.`,
    };
  }
  if (failed > 0) {
    return {
      sentence: `${numberText(done)} of ${filesText(found)} ${were(done)} ${doneWord}; ${numberText(failed)} failed.`,
      consequence: `The files that failed are as they were before. What to do about them is below.`,
    };
  }
  if (done === 0) return { sentence: 'There was nothing left to do.', consequence: undefined };
  return skipped === 0
    ? {
        sentence: `${done === 1 ? 'The one file' : `All ${filesText(done)}`} ${were(done)} ${doneWord}.`,
        consequence: undefined,
      }
    : {
        sentence: `${filesText(done)} ${were(done)} ${doneWord}; nothing failed.`,
        consequence: `${filesText(skipped)} ${were(skipped)} passed over, for the reasons below.`,
      };
}
