import { SealwrightError } from '../../errors.ts';
import {
  bracedGuid,
  type Identity,
  normalizeAddress,
  parseGuid,
  randomGuid,
  systemRandomBytes,
} from '../../rights/index.ts';
import type { AuthorityContext } from '../context.ts';
import type { AuthorityRecords } from '../store/authority-store.ts';
import { loggedText } from './logged-text.ts';
import { repeatedRequest } from './repeated-request.ts';
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
  /** What tells it from others about the same content, beside the facts. */
  detail?: string;
  /**
   * Leaves a change of the records to the transaction that also writes the row. It resolves to whether it changed
   * anything: what did is in the log, repeated or not.
   */
  change(change: (records: AuthorityRecords) => Promise<boolean>): void;
}

/** No row is as young as this, so that none passes for the same request. */
const endOfTime = new Date(8.64e15);

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
  const changes: ((records: AuthorityRecords) => Promise<boolean>)[] = [];
  const request: Request = { facts: {}, change: (change) => changes.push(change) };
  const given = givenCorrelationId(context);
  const append = (records: AuthorityRecords, result: string, changed = false): Promise<unknown> => {
    const row = usageRecord(context, requestType, who, result, request.facts, given);
    // Only an id the client gave can come a second time.
    const repeated = given === undefined ? undefined : repeatedRequest(row, request.detail);
    return repeated === undefined
      ? records.appendUsage([row])
      : records.appendUsageOnce(row, repeated.key, changed ? endOfTime : repeated.since);
  };
  let made: T;
  try {
    made = await work(request);
  } catch (error) {
    await append(store, resultOf(error));
    throw error;
  }
  try {
    if (changes.length === 0) await append(store, usageSuccess);
    else
      await store.transaction(async (records) => {
        let changed = false;
        for (const change of changes) changed = (await change(records)) || changed;
        await append(records, usageSuccess, changed);
      });
  } catch (error) {
    undo(made);
    throw error;
  }
  return made;
}

/** One row of the log, at the context's time. */
export function usageRecord(
  context: AuthorityContext,
  requestType: UsageRequestType,
  who: Identity | undefined,
  result: string,
  facts: UsageFacts,
  correlationId = givenCorrelationId(context),
): UsageRecord {
  const { now, request } = context;
  const person = who === undefined ? '' : normalizeAddress(who.email);
  const administrator = request?.administrator && normalizeAddress(request.administrator);
  return {
    time: now(),
    rowId: freshGuid(context),
    requestType,
    userId: administrator ?? person,
    result,
    correlationId: correlationId ?? freshGuid(context),
    clientInfo: request?.clientInfo === undefined ? 'SDK;AppName=sealwright' : loggedText(request.clientInfo),
    clientAddress: request?.clientAddress === undefined ? undefined : loggedText(request.clientAddress),
    adminAction: who === undefined || administrator !== undefined ? true : undefined,
    actingAsUser: administrator === undefined ? undefined : person,
    ...facts,
    ...(facts.fileName !== undefined && { fileName: loggedText(facts.fileName) }),
    ...(facts.contentId !== undefined && { contentId: bracedGuid(facts.contentId) }),
    ...(facts.templateId !== undefined && { templateId: bracedGuid(facts.templateId) }),
  };
}

/** A new GUID; the runtime makes one of many random bytes that it has in store, where nobody asked for other ones. */
export const freshGuid = ({ randomBytes }: AuthorityContext): string =>
  randomBytes === systemRandomBytes ? crypto.randomUUID() : randomGuid(randomBytes);

const givenCorrelationId = ({ request }: AuthorityContext): string | undefined =>
  request?.correlationId === undefined ? undefined : parseGuid(request.correlationId);

/** `ACCESS_DENIED` is logged as `AccessDenied`, and so on. */
function resultOf(error: unknown): string {
  const code = error instanceof SealwrightError ? error.code : 'UNKNOWN_ERROR';
  return code
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
}
