import { SealwrightError } from '../../errors.ts';
import { bracedGuid, type Identity, normalizeAddress, randomGuid } from '../../rights/index.ts';
import type { AuthorityContext } from '../context.ts';
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

/**
 * Serves one request and writes its row in the usage log, whatever becomes of it. A request that cannot be
 * logged is not served: `undo` takes back what it made.
 */
export async function logged<T>(
  context: AuthorityContext,
  requestType: UsageRequestType,
  who: Identity | undefined,
  work: (facts: UsageFacts) => Promise<T>,
  undo: (made: T) => void = () => undefined,
): Promise<T> {
  const facts: UsageFacts = {};
  let made: T;
  try {
    made = await work(facts);
  } catch (error) {
    await context.store.appendUsage([usageRecord(context, requestType, who, resultOf(error), facts)]);
    throw error;
  }
  try {
    await context.store.appendUsage([usageRecord(context, requestType, who, usageSuccess, facts)]);
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
