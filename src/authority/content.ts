import { sha256Base64 } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { type Identity, normalizeAddress, normalizeGuid } from '../rights/index.ts';
import type { AuthorityContext } from './context.ts';
import { type OwnLicense, readOwnLicense } from './own-license.ts';
import type { ContentRecord, TrackedContent } from './store/authority-store.ts';
import { logged, type Request } from './usage-log/logged.ts';
import { loggedText } from './usage-log/logged-text.ts';

/**
 * What is known of a content. One that the store does not know gets known the first time its license is
 * seen, so that it can be revoked from then on. Owner and issuer are what the license proves, never what
 * somebody else's license under the same content id left in the store.
 *
 * Throws `UNTRUSTED_LICENSE` if a client chose a content id that is taken.
 */
export async function knownContent(
  { store }: AuthorityContext,
  license: OwnLicense,
  change: Request['change'],
): Promise<TrackedContent> {
  const { contentId, owner, issuer, publishedAt } = license;
  const tracked = await store.getTrackedContent(contentId);
  const known = tracked?.content;
  if (license.clientSigned && known !== undefined && (known.owner !== owner || known.issuer !== issuer))
    throw new SealwrightError(
      'UNTRUSTED_LICENSE',
      'The license claims a content id that belongs to another content. Protect the file again.',
    );
  const content: ContentRecord = {
    contentId,
    owner,
    issuer,
    templateId: known?.templateId ?? license.templateId,
    name: known?.name,
    publishedAt: new Date(publishedAt),
  };
  if (known === undefined) change((records) => records.insertContent(content));
  return { content, revocations: tracked?.revocations ?? [] };
}

/** Makes a content known under `name`. */
export function registerContent(
  context: AuthorityContext,
  who: Identity,
  publishingLicense: Uint8Array,
  name: string,
): Promise<void> {
  return logged(context, 'RegisterContent', who, async (request) => {
    const { facts, change } = request;
    request.detail = sha256Base64(publishingLicense);
    const license = readOwnLicense(context, publishingLicense, request.detail);
    const { content } = await knownContent(context, license, change);
    Object.assign(facts, {
      contentId: content.contentId,
      ownerEmail: content.owner,
      issuer: content.issuer,
      fileName: name,
    });
    refuseStranger(content, who, 'register');
    const shown = loggedText(name);
    if (content.name !== shown) change((records) => records.renameContent(content.contentId, shown));
  });
}

/** Withdraws a content from everyone, or from `user`. Only its issuer may. */
export function revokeContent(
  context: AuthorityContext,
  who: Identity,
  id: string,
  user: string | undefined,
): Promise<void> {
  return logged(context, 'RevokeAccess', who, async (request) => {
    const { facts, change } = request;
    const contentId = normalizeGuid(id, 'content id');
    facts.contentId = contentId;
    request.detail = user ?? '';
    const content = await context.store.getContent(contentId);
    if (content === undefined) throw unknownContent(contentId);
    refuseStranger(content, who, 'revoke');
    const revocation = {
      contentId,
      user: user === undefined ? undefined : normalizeAddress(user, 'user address'),
      by: content.issuer,
      at: context.now(),
    };
    change((records) => records.revoke(revocation));
  });
}

/** Undoes {@link revokeContent}. */
export function restoreContent(
  context: AuthorityContext,
  who: Identity,
  id: string,
  user: string | undefined,
): Promise<void> {
  return logged(context, 'RestoreAccess', who, async ({ facts }) => {
    const contentId = normalizeGuid(id, 'content id');
    facts.contentId = contentId;
    const content = await context.store.getContent(contentId);
    if (content === undefined) throw unknownContent(contentId);
    refuseStranger(content, who, 'restore');
    const restored = await context.store.restore(
      contentId,
      user === undefined ? undefined : normalizeAddress(user, 'user address'),
    );
    if (restored) return;
    const from = user === undefined ? 'everyone' : user;
    throw new SealwrightError(
      'CONTENT_NOT_FOUND',
      `The content ${contentId} is not revoked for ${from}: there is nothing to restore.`,
    );
  });
}

/** Tracking, revoking and restoring are the issuer's, whoever owns the content (spec/rights.md). */
function refuseStranger(content: ContentRecord, who: Identity, operation: string): void {
  const addresses = [who.email, ...(who.aliases ?? [])].map((each) => normalizeAddress(each));
  if (addresses.includes(content.issuer)) return;
  throw new SealwrightError(
    'ACCESS_DENIED',
    `Only ${content.issuer}, who protected this content, may ${operation} it.`,
    { rule: 'not-issuer', referrer: content.issuer },
  );
}

const unknownContent = (contentId: string): SealwrightError =>
  new SealwrightError(
    'CONTENT_NOT_FOUND',
    `This authority knows no content ${contentId}. Take the content id from "sealwright inspect" of the protected file.`,
  );
