import type { MessagePort } from 'node:worker_threads';
import type { WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { LicensingService } from '../../licensing/index.ts';
import {
  type LicensingAnswer,
  type LicensingOperation,
  type LicensingQuestion,
  optionsPosition,
  receivedError,
  sentError,
  sentOptions,
  wipeKeysOf,
} from './licensing-port-messages.ts';

type Operation = (...given: unknown[]) => Promise<unknown>;

/**
 * Answers on `port` what the other end, {@link licensingOver}, asks of `service`. Keys are wiped here once they were sent. When the
 * port closes, what is still being asked is aborted.
 */
export function serveLicensing(port: MessagePort, service: LicensingService): void {
  const asked = new Map<number, AbortController>();
  let closed = false;

  async function answer(id: number, operation: LicensingOperation, given: readonly unknown[]): Promise<void> {
    const controller = new AbortController();
    asked.set(id, controller);
    let message: LicensingAnswer;
    try {
      const position = optionsPosition[operation];
      const sent = [...given];
      sent[position] = { ...(given[position] as object | undefined), signal: controller.signal };
      message = { id, result: await (service[operation] as Operation)(...sent) };
    } catch (error) {
      message = { id, error: sentError(error) };
    }
    asked.delete(id);
    try {
      if (!closed && !controller.signal.aborted) port.postMessage(message);
    } catch (error) {
      // A result that cannot be copied to another thread is a defect of the service, and of this one question.
      port.postMessage({ id, error: sentError(error) } satisfies LicensingAnswer);
    } finally {
      if ('result' in message) wipeKeysOf(message.result);
    }
  }

  port.on('message', (question: LicensingQuestion) => {
    if ('abort' in question) asked.get(question.id)?.abort();
    else void answer(question.id, question.operation, question.arguments);
  });
  port.on('close', () => {
    closed = true;
    for (const controller of asked.values()) controller.abort();
  });
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** A licensing service that is at the other end of `port`, in another thread of this process. */
export function licensingOver(port: MessagePort): LicensingService {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let closed = false;

  port.on('message', (answer: LicensingAnswer) => {
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) asker?.reject(receivedError(answer.error));
    else if (asker === undefined) wipeKeysOf(answer.result);
    else asker.resolve(answer.result);
  });
  port.on('close', () => {
    closed = true;
    for (const { reject } of waiting.values()) reject(gone());
    waiting.clear();
  });

  function ask<Result>(operation: LicensingOperation, ...given: readonly unknown[]): Promise<Result> {
    const position = optionsPosition[operation];
    const options = (given[position] ?? {}) as WaitOptions & Readonly<Record<string, unknown>>;
    const { signal } = options;
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    if (closed) return Promise.reject(gone());
    const id = ++last;
    const sent = [...given];
    // Callers hand on whatever options they have; only what a service knows can be sent, and is.
    sent[position] = Object.fromEntries(
      sentOptions.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
    );
    return new Promise<Result>((resolve, reject) => {
      const giveUp = (): void => {
        waiting.delete(id);
        port.postMessage({ id, abort: true } satisfies LicensingQuestion);
        reject(signal?.reason);
      };
      const leave = (): void => signal?.removeEventListener('abort', giveUp);
      waiting.set(id, {
        resolve(result) {
          leave();
          resolve(result as Result);
        },
        reject(reason) {
          leave();
          reject(reason);
        },
      });
      try {
        port.postMessage({ id, operation, arguments: sent } satisfies LicensingQuestion);
      } catch (error) {
        waiting.delete(id);
        reject(error);
        return;
      }
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  return Object.freeze({
    listTemplates: (wait) => ask('listTemplates', wait),
    publish: (request, wait) => ask('publish', request, wait),
    acquireUseLicense: (license, wait) => ask('acquireUseLicense', license, wait),
    getClientLicensorCertificate: (wait) => ask('getClientLicensorCertificate', wait),
    registerForTracking: (license, name, wait) => ask('registerForTracking', license, name, wait),
    revoke: (contentId, options) => ask('revoke', contentId, options),
    restore: (contentId, options) => ask('restore', contentId, options),
  } satisfies LicensingService);
}

const gone = (): SealwrightError =>
  new SealwrightError(
    'WORKER_FAILED',
    'The thread that asks the licensing service has ended before it got its answer. Start the work again.',
  );
