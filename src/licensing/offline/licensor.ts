import { type WaitOptions, wipe } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { type OfflinePublisher, offlinePublisher } from '../../license/index.ts';
import { readXrmlDocuments, readXrmlFacts } from '../../xrml/index.ts';
import { isUnreachable } from '../is-unreachable.ts';
import type { ClientLicensor, LicensingService } from '../licensing-service.ts';
import { readKeptCertificate, writeKeptCertificate } from './kept-certificate.ts';
import type { Shelf } from './offline-shelf.ts';
import { sharedWork } from './shared-work.ts';

/** A certificate that publishes, and when. */
interface Licensed {
  readonly publisher: OfflinePublisher;
  readonly validFrom: Date;
  readonly validUntil: Date;
}

/** How {@link licensor} works. */
export interface LicensorOptions {
  readonly shelf: Shelf;
  readonly now: () => Date;
  /** Milliseconds before its end from which a certificate is renewed. */
  readonly renewBefore: number;
  /** Called with each certificate that the service gave. */
  readonly onObtained: () => Promise<void>;
}

/** After a service had no certificate to give, or could not be reached for a new one, it is asked again so much later. */
const patience = 60 * 60_000;

/**
 * Has a client licensor certificate ready: from the shelf or from the service, renewed in time.
 *
 * @returns what gives the publisher in force; `undefined` where the service has no certificate to give, or none that is
 *   valid by this machine's clock: licenses made with it would not be trusted
 */
export function licensor(
  service: LicensingService,
  { shelf, now, renewBefore, onObtained }: LicensorOptions,
): (options?: WaitOptions) => Promise<OfflinePublisher | undefined> {
  let current: Licensed | undefined;
  let fromShelf = false;
  let askAgainAt = Number.NEGATIVE_INFINITY;

  const isValid = (licensed: Licensed | undefined, time: Date): licensed is Licensed =>
    licensed !== undefined && licensed.validFrom <= time && time < licensed.validUntil;
  const isFresh = (time: Date): boolean =>
    isValid(current, time) && time.getTime() < current.validUntil.getTime() - renewBefore;

  const obtain = sharedWork(async () => {
    const time = now();
    if (!fromShelf) {
      current = await fromStore(shelf);
      fromShelf = true;
    }
    const waits = time.getTime() < askAgainAt && time.getTime() >= askAgainAt - patience;
    if (isFresh(time) || waits) return;
    try {
      current = await fromService(service, shelf);
      askAgainAt = isFresh(time) ? Number.NEGATIVE_INFINITY : time.getTime() + patience;
    } catch (error) {
      const none = error instanceof SealwrightError && error.code === 'UNSUPPORTED_BY_SERVICE';
      if (!none && !(isUnreachable(error) && isValid(current, time))) throw error;
      askAgainAt = time.getTime() + patience;
      return;
    }
    await onObtained();
  });

  return async (options) => {
    options?.signal?.throwIfAborted();
    if (!isFresh(now())) await obtain(options);
    return isValid(current, now()) ? current.publisher : undefined;
  };
}

async function fromStore(shelf: Shelf): Promise<Licensed | undefined> {
  const bytes = await shelf.get();
  const kept = bytes && readKeptCertificate(bytes);
  try {
    return kept && (await licensed(kept));
  } catch {
    // Damaged: a new one is one request away.
    return undefined;
  } finally {
    wipe(bytes);
  }
}

async function fromService(service: LicensingService, shelf: Shelf): Promise<Licensed> {
  // Without the signal of one caller: others may wait for the same answer.
  const given = await service.getClientLicensorCertificate();
  try {
    const result = await licensed(given);
    const bytes = writeKeptCertificate(given);
    await shelf.put(bytes, result.validUntil);
    wipe(bytes);
    return result;
  } finally {
    wipe(given.privateKey);
  }
}

async function licensed(given: ClientLicensor): Promise<Licensed> {
  const publisher = await offlinePublisher(given);
  const [certificate] = readXrmlDocuments(given.certificateChain);
  const range =
    certificate && readXrmlFacts(certificate).rights.find(({ name }) => name === 'ISSUE')?.rangeTime;
  if (range?.from === undefined || range.until === undefined)
    throw new SealwrightError(
      'MALFORMED_LICENSE',
      'The client licensor certificate does not say from when until when it may publish. Get a new one from the licensing service.',
    );
  return { publisher, validFrom: range.from, validUntil: range.until };
}
