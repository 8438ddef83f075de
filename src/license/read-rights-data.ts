import { decodeUtf16le } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import {
  authenticatedUsers,
  type ContentExpiration,
  definePolicy,
  defineTemplate,
  type GrantInput,
  normalizePrincipal,
  ownerPrincipal,
  type Policy,
  parseGuid,
  type Template,
} from '../rights/index.ts';
import {
  readXrmlDocuments,
  readXrmlFacts,
  type XrmlDocument,
  type XrmlFacts,
  type XrmlObject,
} from '../xrml/index.ts';
import { noLicenseCache, officialTemplateType } from './rights-data.ts';
import { noEnd } from './times.ts';

/** What the encrypted rights of a license turned out to be: a policy of the content's own, or a template. */
export type RightsData =
  | { readonly kind: 'policy'; readonly policy: Policy; readonly contentId: string | undefined }
  | { readonly kind: 'template'; readonly templateId: string; readonly document: XrmlDocument };

/**
 * Reads decrypted rights data: UTF-16LE text, filled up with zeros behind `</XrML>`
 * (spec/licenses.md, "Encrypted rights data").
 */
export function readRightsData(plaintext: Uint8Array): RightsData {
  const document = onlyDocument(plaintext);
  const facts = readXrmlFacts(document);
  if (facts.bodyType === officialTemplateType)
    return { kind: 'template', templateId: templateIdOf(facts), document };
  const range = facts.work?.rangeTime;
  const policy = asMalformed(() =>
    definePolicy({
      grants: grantsOf(facts),
      validFrom: range?.from?.getTime() === facts.issuedTime?.getTime() ? undefined : range?.from,
      validUntil: range?.until?.getTime() === noEnd.getTime() ? undefined : range?.until,
      offlineDays: offlineDaysOf(facts),
      referrer: referrerOf(facts),
      names: facts.descriptor?.names,
      encryptedApplicationData: applicationData(facts, (name) => name !== noLicenseCache),
    }),
  );
  return { kind: 'policy', policy, contentId: parseGuid(facts.work?.object?.id ?? '') };
}

/** Reads an official rights template back into a template. Its signature is for the caller to check. */
export function readTemplateDocument(document: XrmlDocument): Template {
  const facts = readXrmlFacts(document);
  const pairs = applicationData(facts);
  return asMalformed(() =>
    defineTemplate(
      {
        id: templateIdOf(facts),
        names: facts.descriptor?.names ?? [],
        grants: grantsOf(facts).filter(({ to }) => to !== ownerPrincipal),
        expiration: expirationOf(pairs),
        offlineDays: offlineDaysOf(facts),
        referrer: referrerOf(facts),
        state: pairs['Sealwright.State'] === 'archived' ? 'archived' : 'published',
        scope: pairs['Sealwright.Scope']?.split(' '),
      },
      facts.issuedTime ?? new Date(0),
    ),
  );
}

/** Name-value pairs of a document's APPSPECIFIC data. */
export function applicationData(
  { authenticatedData }: XrmlFacts,
  wanted: (name: string) => boolean = () => true,
): Record<string, string> {
  const pairs = authenticatedData
    .filter(({ id, name }) => id === 'APPSPECIFIC' && name !== undefined && wanted(name))
    .map(({ name, text }): [string, string] => [name as string, text]);
  return Object.fromEntries(pairs);
}

/** The address or URL to ask for access. */
export const referrerOf = ({ distributionPoints }: XrmlFacts): string | undefined =>
  distributionPoints.find(({ type }) => type === 'Referral-Info')?.url;

function onlyDocument(plaintext: Uint8Array): XrmlDocument {
  let text: string;
  try {
    text = decodeUtf16le(plaintext);
  } catch (cause) {
    throw malformed('they are not UTF-16 text', cause);
  }
  const end = text.lastIndexOf('</XrML>');
  const [document, ...others] = readXrmlDocuments(
    text.slice(0, end < 0 ? undefined : end + '</XrML>'.length),
  );
  if (document === undefined || others.length > 0) throw malformed('they are not one document');
  return document;
}

function templateIdOf({ descriptor }: XrmlFacts): string {
  const id = parseGuid(descriptor?.id ?? '');
  if (id === undefined) throw malformed('the template has no id');
  return id;
}

function grantsOf({ rights }: XrmlFacts): GrantInput[] {
  return rights.flatMap(({ name, holders }) =>
    holders.flatMap(({ object }) => {
      const to = principalOf(object);
      return to === undefined ? [] : [{ to, rights: [name] }];
    }),
  );
}

/** A principal that is no address, domain or known group (a bare SID, say) can reach nobody here. */
function principalOf(object: XrmlObject | undefined): string | undefined {
  const internal = object?.idType === 'Internal' ? object.id?.toLowerCase() : undefined;
  if (internal === 'owner') return ownerPrincipal;
  if (internal === 'anyone') return authenticatedUsers;
  try {
    return normalizePrincipal(object?.name ?? '');
  } catch {
    return undefined;
  }
}

function offlineDaysOf(facts: XrmlFacts): number {
  if (applicationData(facts)[noLicenseCache] === '1') return 0;
  const days = facts.rights
    .map(({ intervalTime }) => Number(intervalTime?.days))
    .filter((each) => Number.isInteger(each) && each > 0);
  return days.length === 0 ? -1 : Math.min(...days);
}

function expirationOf(pairs: Readonly<Record<string, string>>): ContentExpiration {
  const on = pairs['Sealwright.ExpiresOn'];
  if (on !== undefined) return { kind: 'on', date: new Date(on) };
  const days = Number(pairs['Sealwright.ExpiresAfterDays'] ?? 0);
  return days > 0 ? { kind: 'after', days } : { kind: 'never' };
}

/** What no policy or template can say is the license's fault and nobody's argument. */
function asMalformed<T>(define: () => T): T {
  try {
    return define();
  } catch (cause) {
    if (!(cause instanceof SealwrightError) || cause.code !== 'INVALID_ARGUMENT') throw cause;
    throw malformed(cause.message.replace(/\.$/, ''), cause);
  }
}

const malformed = (problem: string, cause?: unknown): SealwrightError =>
  new SealwrightError('MALFORMED_LICENSE', `The rights inside the license cannot be read: ${problem}.`, {
    cause,
  });
