import { SealwrightError, type SealwrightErrorDetails } from '../../errors.ts';
import type { ServiceAnswer } from '../exchange/exchange.ts';
import { saneReferrer, saneSentence, saneWord } from './sane-text.ts';
import {
  type ErrorMeaning,
  exceptionPrefix,
  mayEndWith,
  meaningOfException,
  meaningOfStatus,
  type RestOperation,
} from './service-error-table.ts';

/**
 * The error for an answer with a status other than 200 (spec/rest.md, "Errors"). What our own server says about
 * the cause comes first, if the operation may end that way; then the codes of the protocol; then the status.
 */
export function serviceError(answer: ServiceAnswer, operation: RestOperation): SealwrightError {
  const body = membersOf(answer.json);
  const facts: SealwrightErrorDetails = {
    status: answer.status,
    host: answer.url.host,
    requestId: answer.requestId,
    ...retryAfter(answer.headers),
  };
  const message = saneSentence(body.Message);
  const own = membersOf(body.Sealwright);
  if (typeof own.Code === 'string' && mayEndWith(operation, own.Code))
    return new SealwrightError(
      own.Code,
      message ?? `The service ${answer.url.host} refuses the request (${own.Code}).`,
      { ...facts, ...ownDetails(own) },
    );

  const code = typeof body.Code === 'string' ? body.Code : undefined;
  const byCode = code === undefined ? undefined : meaningOfException(code, operation);
  const unknown =
    code !== undefined && byCode === undefined ? saneSentence(withoutPrefix(code))?.slice(0, 200) : undefined;
  const meaning = byCode ?? meaningOfStatus(answer.status);
  return new SealwrightError(meaning.code, sentenceOf(answer, meaning, unknown, message), {
    ...facts,
    reason: meaning.reason,
    ...(code === undefined || byCode !== undefined ? {} : { field: 'Code' }),
  });
}

/** The prefix alone is as long as a word that is left out. */
const withoutPrefix = (code: string): string =>
  code.toLowerCase().startsWith(exceptionPrefix) ? code.slice(exceptionPrefix.length) : code;

/** Seconds of a `Retry-After` header, which may also be a date. */
export function retryAfter(headers: Headers): { readonly retryAfter?: number } {
  const text = headers.get('retry-after')?.trim();
  if (text === undefined || !/^\d{1,9}$/.test(text)) return {};
  return { retryAfter: Number(text) };
}

function sentenceOf(
  { url, status, requestId }: ServiceAnswer,
  meaning: ErrorMeaning,
  unknownCode: string | undefined,
  message: string | undefined,
): string {
  const code = unknownCode === undefined ? '' : ` and the code "${unknownCode}"`;
  const said = message === undefined ? '' : ` It says: "${message}"`;
  return `The service ${url.host} answered with status ${status}${code}. ${meaning.sentence}${said} (Request ${requestId}.)`;
}

function ownDetails(own: Readonly<Record<string, unknown>>): SealwrightErrorDetails {
  const rule = saneWord(own.Rule);
  const reason = saneWord(own.Reason);
  const referrer = saneReferrer(own.Referrer);
  const right =
    typeof own.Right === 'string' && /^[A-Z0-9._-]{1,64}$/.test(own.Right) ? own.Right : undefined;
  return {
    ...(rule === undefined ? {} : { rule }),
    ...(reason === undefined ? {} : { reason }),
    ...(right === undefined ? {} : { right }),
    ...(referrer === undefined ? {} : { referrer }),
  };
}

const membersOf = (json: unknown): Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (Object.assign(Object.create(null), json) as Record<string, unknown>)
    : {};
