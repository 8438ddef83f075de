import { sha256Base64, wipe } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { openContentKey, openRights } from '../license/index.ts';
import type { UseLicense } from '../licensing/index.ts';
import {
  bracedGuid,
  decideAccess,
  describeRefusal,
  type Identity,
  maySeePolicy,
  normalizeAddress,
  type Policy,
  policyFromTemplate,
  type TemplateState,
  useLicenseValidity,
} from '../rights/index.ts';
import { knownContent } from './content.ts';
import type { AuthorityContext } from './context.ts';
import { type OwnLicense, readOwnLicense, type StatedRights } from './own-license.ts';
import { logged, type Request } from './usage-log/logged.ts';

/** Issues a use license to `who`, or refuses with the rule that says no. */
export function acquireUseLicense(
  context: AuthorityContext,
  who: Identity,
  publishingLicense: Uint8Array,
  contentName: string | undefined,
): Promise<UseLicense> {
  return logged(
    context,
    'AcquireLicense',
    who,
    (served) => decide(context, who, publishingLicense, contentName, served),
    ({ contentKey }) => wipe(contentKey),
  );
}

async function decide(
  context: AuthorityContext,
  who: Identity,
  bytes: Uint8Array,
  contentName: string | undefined,
  request: Request,
): Promise<UseLicense> {
  const { facts, change } = request;
  // A license that cannot be read, or is somebody's forgery, is another request than the next one.
  request.detail = sha256Base64(bytes);
  const license = readOwnLicense(context, bytes, request.detail);
  const { content, revocations } = await knownContent(context, license, change);
  const { contentId, owner, issuer } = content;
  Object.assign(facts, {
    contentId,
    ownerEmail: owner,
    issuer,
    templateId: content.templateId,
    fileName: content.name ?? contentName,
    datePublished: new Date(license.publishedAt),
  });
  const opened = await openContentKey(license.sealed, context.custodian);
  try {
    const now = context.now();
    const { policy, template } = await policyInForce(
      context,
      await rightsOf(license, opened.contentKey),
      license,
    );
    facts.templateId ??= template?.id;
    // Only the issuer of this license withdraws it, not of another one under the same content id.
    const withdrawn = revocations.filter(({ by }) => by === issuer);
    const decision = decideAccess({
      who,
      now,
      owner,
      issuer,
      policy,
      template: template?.state,
      revoked: withdrawn.some(({ user }) => user === undefined),
      revokedUsers: withdrawn.flatMap(({ user }) => user ?? []),
    });
    if (!decision.granted) throw refused(decision.rule, who, policy, owner);
    const contentValidUntil = decision.exempt ? undefined : policy.validUntil;
    return Object.freeze({
      contentKey: opened.contentKey,
      cipherMode: opened.cipherMode,
      rights: decision.rights,
      owner,
      issuedTo: normalizeAddress(who.email),
      contentId: bracedGuid(contentId),
      templateId: template?.id,
      contentValidUntil,
      ...useLicenseValidity({
        now,
        offlineDays: [policy.offlineDays],
        contentValidUntil,
        exempt: decision.exempt,
      }),
      referrer: policy.referrer,
      policy: maySeePolicy(decision.rights) ? policy : undefined,
      signedApplicationData: license.signedApplicationData,
      encryptedApplicationData: policy.encryptedApplicationData,
    });
  } catch (error) {
    wipe(opened.contentKey);
    throw error;
  }
}

/** What the license says of rights, decrypted the first time it is opened. */
async function rightsOf(license: OwnLicense, contentKey: Uint8Array): Promise<StatedRights> {
  if (license.rights !== undefined) return license.rights;
  const rights = await openRights(license.sealed, contentKey);
  license.rights = rights.kind === 'policy' ? rights : { kind: 'template', templateId: rights.templateId };
  return license.rights;
}

/** The license's own policy or, for a template, what the template says today. */
async function policyInForce(
  { store }: AuthorityContext,
  rights: StatedRights,
  { publishedAt, contentId, signedApplicationData }: OwnLicense,
): Promise<{ policy: Policy; template?: { id: string; state: TemplateState | 'deleted' } }> {
  if (rights.kind === 'policy') {
    if (rights.contentId !== contentId) throw contradicts('the content');
    const { validFrom, validUntil } = rights.policy;
    return {
      policy: {
        ...rights.policy,
        // Copies, because the caller gets them and could change them.
        validFrom: validFrom && new Date(validFrom),
        validUntil: validUntil && new Date(validUntil),
        signedApplicationData,
      },
    };
  }
  const template = await store.getTemplate(rights.templateId);
  if (template === undefined || template === 'deleted')
    return { policy: noGrants, template: { id: rights.templateId, state: 'deleted' } };
  return {
    policy: policyFromTemplate(template, publishedAt),
    template: { id: template.id, state: template.state },
  };
}

const noGrants: Policy = Object.freeze({
  grants: [],
  validFrom: undefined,
  validUntil: undefined,
  offlineDays: 0,
  referrer: undefined,
  names: [],
  signedApplicationData: {},
  encryptedApplicationData: {},
});

const contradicts = (what: string): SealwrightError =>
  new SealwrightError(
    'UNTRUSTED_LICENSE',
    `The license contradicts itself about ${what}: it was put together from parts of others.`,
  );

function refused(
  rule: Parameters<typeof describeRefusal>[0],
  who: Identity,
  policy: Policy,
  owner: string,
): SealwrightError {
  const referrer = policy.referrer ?? owner;
  const sentence = describeRefusal(rule, normalizeAddress(who.email), { ...policy, referrer });
  return new SealwrightError('ACCESS_DENIED', sentence, { rule, referrer });
}
