import { wipe } from '../../bytes/index.ts';
import { offlinePublisher, type ServerParty } from '../../license/index.ts';
import type { ServiceAnswer } from '../exchange/exchange.ts';
import type { ClientLicensor } from '../licensing-service.ts';
import { answerFields, malformedAnswer } from './answer-fields.ts';

const longestChain = 512 * 1024;
const longestKey = 16 * 1024;

/** A certificate for publishing offline, and the server it publishes for. */
export interface ClientLicensorAnswer {
  readonly licensor: ClientLicensor;
  readonly server: ServerParty;
}

/** Reads a certificate for publishing offline and holds its key against it. Throws `MALFORMED_ANSWER`. */
export async function readClientLicensor(answer: ServiceAnswer): Promise<ClientLicensorAnswer> {
  const fields = answerFields(answer.json, answer);
  const certificateChain = fields.requiredBytes('CertificateChain', longestChain);
  const privateKey = fields.requiredBytes('PrivateKey', longestKey);
  try {
    const { server } = await offlinePublisher({ certificateChain, privateKey });
    return { licensor: Object.freeze({ certificateChain, privateKey }), server };
  } catch (cause) {
    wipe(privateKey);
    throw malformedAnswer(answer, 'CertificateChain', 'does not go with the private key', cause);
  }
}
