import type { z } from 'zod';
import { wipe } from '../../bytes/index.ts';
import type { ClientLicensorMessage } from '../../licensing/index.ts';
import { type Answer, json } from '../answer.ts';
import { type Call, serviceFor } from './call.ts';
import type { registrationRequest, revocationRequest } from './schemas.ts';
import { readBase64, writeBase64 } from './wire-values.ts';

/** `POST /sealwright/clientlicensors`: what is needed to publish offline. */
export async function clientLicensor(call: Call): Promise<Answer> {
  const { certificateChain, privateKey } = await serviceFor(call).getClientLicensorCertificate();
  try {
    const message: ClientLicensorMessage = {
      CertificateChain: writeBase64(certificateChain),
      PrivateKey: writeBase64(privateKey),
    };
    return json(message);
  } finally {
    wipe(privateKey);
  }
}

/** `POST /sealwright/contents`: makes a content known under a name. */
export async function register(call: Call, request: z.output<typeof registrationRequest>): Promise<Answer> {
  const license = readBase64(request.SerializedPublishingLicense, 'SerializedPublishingLicense');
  await serviceFor(call).registerForTracking(license, request.Name);
  return json({});
}

/** `POST /sealwright/revocations`. */
export async function revoke(call: Call, request: z.output<typeof revocationRequest>): Promise<Answer> {
  await serviceFor(call).revoke(request.ContentId, { user: request.User ?? undefined });
  return json({});
}

/** `POST /sealwright/restorations`. */
export async function restore(call: Call, request: z.output<typeof revocationRequest>): Promise<Answer> {
  await serviceFor(call).restore(request.ContentId, { user: request.User ?? undefined });
  return json({});
}

/** `POST /clientlogs/…`: taken, as clients expect, and dropped: they may hold what must not be kept. */
export const dropClientLog = async (): Promise<Answer> => json({});
