import { lstatSync, statSync } from 'node:fs';
import type { Inspection } from '../../../protection/index.ts';
import { parseGuid } from '../../../rights/index.ts';
import type { FileTask } from '../task.ts';

/** Licenses state the minute they were issued in. */
const minute = 60_000;

/** How far the clock of a licensing service may be behind that of the run. */
const serviceClockBehind = 5 * minute;

/** The clock of a file system may be a tick behind the one that programs read. */
const tick = 20;

/** Size, and times in milliseconds since 1970, of what has this name. */
export interface NameFacts {
  readonly size: number;
  readonly modifiedAt: number;
  /** When content, name, owner or mode last changed: unlike the time of modification nobody sets this. */
  readonly changedAt: number;
  readonly isFile: boolean;
}

/** What has this name, itself and not where it leads; `undefined` if nothing has, or nobody may look. */
export const factsOf = (path: string): NameFacts | undefined => lookAt(path, lstatSync);

/** The same of what the name leads to: files that were named themselves may be links. */
export const factsBehind = (path: string): NameFacts | undefined => lookAt(path, statSync);

function lookAt(path: string, look: typeof lstatSync | typeof statSync): NameFacts | undefined {
  try {
    const found = look(path, { throwIfNoEntry: false });
    return (
      found && {
        size: found.size,
        modifiedAt: found.mtimeMs,
        changedAt: found.ctimeMs,
        isFile: found.isFile(),
      }
    );
  } catch {
    return undefined;
  }
}

/** Whether a file got its present content or name since the run began. */
export const changedInRun = (facts: NameFacts, task: FileTask): boolean =>
  facts.isFile && facts.changedAt + tick >= Date.parse(task.runStartedAt);

/**
 * Whether a protected file is what an earlier attempt of this run made of it: its license was issued since the run
 * began, under the template that was asked for, and the file appeared since (spec/bulk.md, "What is skipped").
 *
 * @param patience how far the service's clock may be behind; none where doing the work once more is safe
 */
export function protectedInRun(
  found: Inspection,
  facts: NameFacts,
  task: FileTask,
  patience = serviceClockBehind,
): boolean {
  const issuedAt = Date.parse(found.issuedAt ?? '');
  const start = Math.floor(Date.parse(task.runStartedAt) / minute) * minute;
  return (
    found.protected &&
    issuedAt >= start - patience &&
    changedInRun(facts, task) &&
    (task.settings.template === undefined ? found.templateId === null : hasTemplate(found, task))
  );
}

/** Whether a file is protected with the template that the task asks for. */
export function hasTemplate({ templateId }: Inspection, { settings: { template } }: FileTask): boolean {
  const [asked, stated] = [parseGuid(template ?? ''), parseGuid(templateId ?? '')];
  return asked !== undefined && asked === stated;
}

/**
 * Whether a new file has the time of modification of its original, as it is given it. Some disks keep whole seconds, or
 * every other one.
 */
export function sameTimes(original: NameFacts, made: NameFacts): boolean {
  const apart = Math.abs(original.modifiedAt - made.modifiedAt);
  const coarser = made.modifiedAt % 1000 === 0 && original.modifiedAt % 1000 !== 0;
  return apart < 1 || (coarser && apart <= 2_000);
}
