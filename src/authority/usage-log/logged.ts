import { SealwrightError } from '../../errors.ts';
import { bracedGuid, type Identity, normalizeAddress, randomGuid } from '../../rights/index.ts';
import type { AuthorityContext } from '../context.ts';
import type { AuthorityRecords } from '../store/authority-store.ts';
import { type UsageRecord, type UsageRequestType, usageSuccess } from './usage-record.ts';

/** What is found out about a request while it is served, for its row in the log. */
export type UsageFacts = {
  -readonly [Name in
    | 'contentId'
    | 'ownerEmail'
    | 'issuer'
    | 'templateId'
    | 'fileName'
    | 'datePublished']?: UsageRecord[Name];
};

/** A request while it is served. */
export interface Request {
  /** What is found out about it. */
  readonly facts: UsageFacts;
  /** Leaves a change of the records to the transaction that also writes the row. */
  change(change: (records: AuthorityRecords) => Promise<unknown>): void;
}

/**
 * Serves one request and writes its row in the usage log, whatever becomes of it. What the request changes
 * is kept together with its row or not at all: a request that cannot be logged is not served, and `undo`
 * takes back what it made.
 */
export async function logged<T>(
  context: AuthorityContext,
  requestType: UsageRequestType,
  who: Identity | undefined,
  work: (request: Request) => Promise<T>,
  undo: (made: T) => void = () => undefined,
): Promise<T> {
  const { store } = context;
  const facts: UsageFacts = {};
  const changes: ((records: AuthorityRecords) => Promise<unknown>)[] = [];
  let made: T;
  try {
    made = await work({ facts, change: (change) => changes.push(change) });
  } catch (error) {
    await store.appendUsage([usageRecord(context, requestType, who, resultOf(error), facts)]);
    throw error;
  }
  const row = usageRecord(context, requestType, who, usageSuccess, facts);
  try {
    if (changes.length === 0) await store.appendUsage([row]);
    else
      await store.transaction(async (records) => {
        for (const change of changes) await change(records);
        await records.appendUsage([row]);
      });
  } catch (error) {
    undo(made);
    throw error;
  }
  return made;
}

/** One row of the log, at the context's time. */
export function usageRecord(
  { now, randomBytes }: AuthorityContext,
  requestType: UsageRequestType,
  who: Identity | undefined,
  result: string,
  facts: UsageFacts,
): UsageRecord {
  return {
    time: now(),
    rowId: randomGuid(randomBytes),
    requestType,
    userId: who === undefined ? '' : normalizeAddress(who.email),
    result,
    correlationId: randomGuid(randomBytes),
    clientInfo: 'SDK;AppName=sealwright',
    adminAction: who === undefined ? true : undefined,
    ...facts,
    ...(facts.contentId !== undefined && { contentId: bracedGuid(facts.contentId) }),
    ...(facts.templateId !== undefined && { templateId: bracedGuid(facts.templateId) }),
  };
}

/** `ACCESS_DENIED` is logged as `AccessDenied`, and so on. */
function resultOf(error: unknown): string {
  const code = error instanceof SealwrightError ? error.code : 'UNKNOWN_ERROR';
  return code
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
}
