import { wipe } from '../../bytes/index.ts';
import { offlinePublisher } from '../../license/index.ts';
import type { ServiceAnswer } from '../exchange/exchange.ts';
import type { ClientLicensor } from '../licensing-service.ts';
import { answerFields, malformedAnswer } from './answer-fields.ts';

const longestChain = 512 * 1024;
const longestKey = 16 * 1024;

/** Reads a certificate for publishing offline and holds its key against it. Throws `MALFORMED_ANSWER`. */
export async function readClientLicensor(answer: ServiceAnswer): Promise<ClientLicensor> {
  const fields = answerFields(answer.json, answer);
  const certificateChain = fields.requiredBytes('CertificateChain', longestChain);
  const privateKey = fields.requiredBytes('PrivateKey', longestKey);
  try {
    await offlinePublisher({ certificateChain, privateKey });
  } catch (cause) {
    wipe(privateKey);
    throw malformedAnswer(answer, 'CertificateChain', 'does not go with the private key', cause);
  }
  return Object.freeze({ certificateChain, privateKey });
}
