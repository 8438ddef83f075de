import { wipe } from '../bytes/index.ts';
import { cipherMode } from '../cipher/index.ts';
import { SealwrightError } from '../errors.ts';
import { issuePublishingLicense, type LicensedTemplate } from '../license/index.ts';
import type { PublishedLicense, PublishRequest } from '../licensing/index.ts';
import {
  bracedGuid,
  type Identity,
  matchesPrincipal,
  normalizeAddress,
  normalizeGuid,
  policyFromTemplate,
  type Template,
} from '../rights/index.ts';
import type { AuthorityContext } from './context.ts';
import { templateDocument } from './template-documents.ts';
import { freshGuid, logged, type Request } from './usage-log/logged.ts';
import { loggedText } from './usage-log/logged-text.ts';

/** Our own authority's choice where the caller has none: the mode that detects tampering. */
const defaultCipherMode = 'SEALWRIGHT.GCM64K';

/** Issues a publishing license in the online form, signed by the authority itself. */
export function publish(
  context: AuthorityContext,
  who: Identity,
  request: PublishRequest,
): Promise<PublishedLicense> {
  return logged(
    context,
    'FECreatePublishingLicenseV1',
    who,
    (served) => issue(context, who, request, served),
    ({ contentKey }) => wipe(contentKey),
  );
}

async function issue(
  context: AuthorityContext,
  who: Identity,
  request: PublishRequest,
  { facts, change }: Request,
): Promise<PublishedLicense> {
  const issuedAt = context.now();
  const issuer = normalizeAddress(who.email, 'user address');
  const owner = request.owner === undefined ? issuer : normalizeAddress(request.owner, 'owner');
  const mode = cipherMode(request.cipherMode ?? defaultCipherMode).name;
  const contentId = freshGuid(context);
  const templateId =
    request.templateId === undefined ? undefined : normalizeGuid(request.templateId, 'template id');
  Object.assign(facts, {
    contentId,
    ownerEmail: owner,
    issuer,
    templateId,
    fileName: request.contentName,
    datePublished: issuedAt,
  });

  const rights =
    request.policy === undefined
      ? {
          template: await licensedTemplate(
            context,
            await templateFor(context, who, templateId as string),
            issuedAt,
          ),
        }
      : { policy: request.policy };
  const contentKey = context.randomBytes(32);
  try {
    const publishingLicense = await issuePublishingLicense({
      issuedAt,
      contentId,
      owner,
      rights,
      contentKey,
      cipherMode: mode,
      signedApplicationData: { ...request.policy?.signedApplicationData, ...request.signedApplicationData },
      server: context.self().server,
      signer: { kind: 'server', custodian: context.custodian, onBehalfOf: issuer },
      randomBytes: context.randomBytes,
    });
    const content = {
      contentId,
      owner,
      issuer,
      templateId,
      name: request.contentName === undefined ? undefined : loggedText(request.contentName),
      publishedAt: issuedAt,
    };
    change((records) => records.insertContent(content));
    return { publishingLicense, contentKey, cipherMode: mode, contentId: bracedGuid(contentId), owner };
  } catch (error) {
    wipe(contentKey);
    throw error;
  }
}

async function templateFor(context: AuthorityContext, who: Identity, id: string): Promise<Template> {
  const template = await context.store.getTemplate(id);
  if (template === undefined || template === 'deleted')
    throw new SealwrightError(
      'TEMPLATE_NOT_FOUND',
      `There is no template ${id}${template === 'deleted' ? ' any more: it was deleted' : ''}. List the templates and choose one of them.`,
    );
  if (template.state === 'archived')
    throw new SealwrightError(
      'TEMPLATE_NOT_FOUND',
      `The template ${id} is archived: it opens existing content but protects no more. Publish it again or choose another one.`,
    );
  if (!isOffered(template, who))
    throw new SealwrightError(
      'ACCESS_DENIED',
      `The template ${id} is not offered to ${who.email}. Choose another one.`,
      {
        rule: 'template-scope',
      },
    );
  return template;
}

/** Whether a template is offered to this person; a scope is a list of users, groups and domains. */
export const isOffered = ({ scope }: Template, who: Identity): boolean =>
  scope.length === 0 || scope.some((principal) => matchesPrincipal(principal, who, ''));

async function licensedTemplate(
  { self }: AuthorityContext,
  template: Template,
  publishedAt: Date,
): Promise<LicensedTemplate> {
  const { referrer, validUntil } = policyFromTemplate(template, publishedAt);
  return {
    templateId: template.id,
    updatedAt: template.updatedAt,
    names: template.names,
    document: await templateDocument(self().issuer, template),
    referrer,
    validUntil,
  };
}
