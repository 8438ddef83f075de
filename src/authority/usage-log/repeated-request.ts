import { sha256Base64 } from '../../bytes/index.ts';
import type { UsageRecord, UsageRequestType } from './usage-record.ts';

/** For how long a request counts as the repetition of an earlier one: longer than any client keeps trying. */
const repeatedWithin = 60 * 60 * 1000;

/** Requests that make nothing new each time: to serve one of them twice is to serve it once. */
const repeatable: ReadonlySet<UsageRequestType> = new Set([
  'AcquireLicense',
  'FEGetAllTemplates',
  'RegisterContent',
  'RevokeAccess',
]);

/** What two rows have in common that are of one request, sent twice. */
export interface RepeatedRequest {
  readonly key: string;
  /** Older rows are of other requests. */
  readonly since: Date;
}

/**
 * How to recognize the request of `row` if it comes again; `undefined` if each one counts. The result is part of it: a
 * refusal is not passed over because the first answer was a license.
 *
 * @param detail - what the request was about beside what the row says
 */
export function repeatedRequest(row: UsageRecord, detail = ''): RepeatedRequest | undefined {
  if (!repeatable.has(row.requestType)) return undefined;
  const {
    correlationId,
    requestType,
    userId,
    contentId = '',
    fileName = '',
    result,
    clientAddress = '',
  } = row;
  // The address, because whoever has somebody's token may also know an id they used.
  const what = [correlationId, requestType, userId, contentId, fileName, result, detail, clientAddress];
  return {
    // Its digest, because the store keeps keys in order, and looks through fewer pages the shorter they are.
    key: sha256Base64(JSON.stringify(what)),
    since: new Date(row.time.getTime() - repeatedWithin),
  };
}
