import { wipe } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { PublishingLicenseMessage, PublishOptions, PublishRequest } from '../../licensing/index.ts';
import { nameInBestLanguage } from '../../rights/index.ts';
import { type Answer, json } from '../answer.ts';
import { type Call, serviceFor } from './call.ts';
import { keyMessage } from './key-message.ts';
import { acceptedLocales } from './languages.ts';
import { policyOf } from './policy-input.ts';
import type { PublishingLicenseInput } from './schemas.ts';
import { writeBase64, writeData } from './wire-values.ts';

/** What clients of other makes can decrypt; they do not know our own mode. */
const modeForOthers = 'MICROSOFT.CBC4K';
const deprecatedMode = 'MICROSOFT.ECB';

/** `POST /publishinglicenses`: a template or a policy in, license and content key out. */
export async function publish(call: Call, request: PublishingLicenseInput): Promise<Answer> {
  const asked = publishRequest(request);
  const published = await serviceFor(call).publish(asked);
  try {
    const { policy } = asked;
    const names = policy?.names ?? [];
    const name =
      names.length === 0
        ? undefined
        : nameInBestLanguage(names, acceptedLocales(call.request.headers.get('accept-language')));
    const message: PublishingLicenseMessage = {
      SerializedPublishingLicense: writeBase64(published.publishingLicense),
      Id: asked.templateId ?? null,
      Name: name?.name ?? null,
      Description: name?.description ?? null,
      Referrer: policy?.referrer ?? null,
      Owner: published.owner,
      ContentId: published.contentId,
      Key: keyMessage(published),
      SignedApplicationData: writeData(request.SignedApplicationData ?? undefined),
      EncryptedApplicationData: writeData(policy?.encryptedApplicationData),
    };
    return json(message);
  } finally {
    wipe(published.contentKey);
  }
}

function publishRequest(request: PublishingLicenseInput): PublishRequest {
  const extension = request.Sealwright ?? undefined;
  const more: PublishOptions = {
    cipherMode: cipherModeFor(request),
    owner: extension?.Owner ?? undefined,
    contentName: extension?.ContentName ?? undefined,
  };
  const { TemplateId: templateId, Policy: said } = request;
  const isTemplate = templateId !== undefined && templateId !== null;
  const isPolicy = said !== undefined && said !== null;
  if (isTemplate === isPolicy)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      isTemplate ? 'TemplateId and Policy: give one of them, not both.' : 'Give a TemplateId or a Policy.',
    );
  if (isTemplate && (extension?.ValidFrom ?? extension?.OfflineDays ?? extension?.Names ?? null) !== null)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'Sealwright.ValidFrom, OfflineDays and Names belong to a policy of its own: a template says these itself.',
    );
  if (isTemplate)
    return { ...more, templateId, signedApplicationData: request.SignedApplicationData ?? undefined };
  return { ...more, policy: policyOf(request, said as NonNullable<typeof said>) };
}

/** A member `Sealwright` shows that the client knows our modes: the authority's own choice is good for it. */
function cipherModeFor({
  Sealwright,
  PreferDeprecatedAlgorithms,
}: PublishingLicenseInput): string | undefined {
  if (Sealwright?.CipherMode !== undefined && Sealwright.CipherMode !== null) return Sealwright.CipherMode;
  if (PreferDeprecatedAlgorithms === true) return deprecatedMode;
  return Sealwright === undefined || Sealwright === null ? modeForOthers : undefined;
}
