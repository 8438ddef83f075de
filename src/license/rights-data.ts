import { boundedMemory, encodeUtf16le } from '../bytes/index.ts';
import {
  authenticatedUsers,
  bracedGuid,
  type Grant,
  type LocalizedName,
  ownerPrincipal,
  type Policy,
  type Template,
} from '../rights/index.ts';
import {
  element,
  formatLocalizedNames,
  formatXrmlTime,
  type XmlContent,
  type XmlMarkup,
} from '../xrml/index.ts';
import type { ServerParty } from './party.ts';
import { interval, issuedTime, noEnd } from './times.ts';

/** What the encrypted rights of one content say beside the policy. */
export interface ContentFacts {
  /** GUID, lower case, without braces. */
  readonly contentId: string;
  readonly owner: string;
  readonly issuedAt: Date;
}

/** Types of BODY that hold rights: for one content, or of a template. */
export const rightsTemplateType = 'Microsoft Rights Template';
export const officialTemplateType = 'Microsoft Official Rights Template';

/** Name-value pair that forbids keeping use licenses; [MS-RMPR] 2.2.9.8.6. */
export const noLicenseCache = 'NOLICCACHE';

// Rights that have an element of their own; every other is <RIGHT name="...">.
const reservedElements = new Set(['VIEW', 'PRINT', 'EDIT', 'FORWARD', 'VIEWRIGHTSDATA', 'EXPORT', 'EXTRACT']);

/**
 * The rights of an ad-hoc policy as XrML text, to be encrypted into the publishing license
 * (spec/licenses.md, "Encrypted rights data").
 */
export function rightsDataText(policy: Policy, content: ContentFacts): string {
  const { validFrom, validUntil } = policy;
  const limited = validFrom !== undefined || validUntil !== undefined;
  const body = element(
    'BODY',
    { type: rightsTemplateType, version: '3.0' },
    issuedTime(content.issuedAt),
    descriptor(undefined, undefined, policy.names),
    referralInfo(policy.referrer),
    element(
      'WORK',
      {},
      element('OBJECT', {}, element('ID', { type: 'MS-GUID' }, bracedGuid(content.contentId))),
      ownerMetadata(content.owner),
      limited
        ? element(
            'PRECONDITIONLIST',
            {},
            element('TIME', {}, interval('RANGETIME', validFrom ?? content.issuedAt, validUntil ?? noEnd)),
          )
        : undefined,
      rightsGroup(policy.grants, policy.offlineDays),
    ),
    ...appSpecific(policy.offlineDays === 0 ? { [noLicenseCache]: '1' } : {}),
    ...appSpecific(policy.encryptedApplicationData),
  );
  return element('XrML', { version: '1.2', xmlns: '' }, body).xml;
}

/** The body of an official rights template, to be signed by its server. `issuer` is the server's ISSUER. */
export function templateBody(template: Template, issuer: XmlMarkup): XmlMarkup {
  return element(
    'BODY',
    { type: officialTemplateType, version: '3.0' },
    issuedTime(template.updatedAt),
    descriptor(template.id, template.updatedAt, template.names),
    issuer,
    referralInfo(template.referrer),
    element(
      'WORK',
      {},
      element('OBJECT', {}, element('ID', { type: '' })),
      rightsGroup([{ to: ownerPrincipal, rights: ['OWNER'] }, ...template.grants], template.offlineDays),
    ),
    ...appSpecific(template.offlineDays === 0 ? { [noLicenseCache]: '1' } : {}),
    ...appSpecific(templateFacts(template)),
  );
}

/** DESCRIPTOR with the names of a policy; the id of a template stands in braces, an ad-hoc policy has none. */
export function descriptor(
  templateId: string | undefined,
  version: Date | undefined,
  names: readonly LocalizedName[],
): XmlMarkup | undefined {
  if (templateId === undefined && names.length === 0) return undefined;
  return element(
    'DESCRIPTOR',
    {},
    element(
      'OBJECT',
      {},
      templateId === undefined
        ? element('ID', { type: 'MS-GUID' })
        : element(
            'ID',
            { type: 'MS-GUID', version: version && formatXrmlTime(version) },
            bracedGuid(templateId),
          ),
      element('NAME', {}, formatLocalizedNames(names)),
    ),
  );
}

/** DISTRIBUTIONPOINT that tells whom to ask for access. */
export function referralInfo(referrer: string | undefined): XmlMarkup | undefined {
  if (referrer === undefined) return undefined;
  return distributionPoint('Referral-Info', '81c42010-208a-458a-bab6-c3c60f06dd5f', undefined, referrer);
}

/** Where to get use licenses, within the organization's network. */
export const intranetAcquisition = (server: ServerParty): XmlMarkup =>
  acquisition('License-Acquisition-URL', '0f45fd50-383b-43ee-90a4-ed013cd0cfe5', server);

/** The same from outside. Ours is one address for both. */
export const extranetAcquisition = (server: ServerParty): XmlMarkup =>
  acquisition('Extranet-License-Acquisition-URL', '94bf969a-ca04-44d6-aa96-51071281fef2', server);

const acquisition = (type: string, id: string, { url, licensingUrl = url }: ServerParty): XmlMarkup =>
  acquisitions.get(`${type} ${licensingUrl}`, () =>
    distributionPoint(type, id, 'DRM Server Cluster', licensingUrl),
  );

/** By type and URL: every license of a server names the same. */
const acquisitions = boundedMemory<string, XmlMarkup>(32);

const distributionPoint = (type: string, id: string, name: string | undefined, url: string): XmlMarkup =>
  element(
    'DISTRIBUTIONPOINT',
    {},
    element(
      'OBJECT',
      { type },
      element('ID', { type: 'MS-GUID' }, bracedGuid(id)),
      name === undefined ? undefined : element('NAME', {}, name),
      element('ADDRESS', { type: 'URL' }, url),
    ),
  );

export const ownerMetadata = (owner: string): XmlMarkup =>
  element(
    'METADATA',
    {},
    element(
      'OWNER',
      {},
      element('OBJECT', {}, element('ID', { type: 'Unspecified' }), element('NAME', {}, owner)),
    ),
  );

/** Name-value pairs in the clear. */
export const appSpecific = (pairs: Readonly<Record<string, string>>): XmlMarkup[] =>
  Object.entries(pairs).map(([name, value]) =>
    element('AUTHENTICATEDDATA', { id: 'APPSPECIFIC', name }, value),
  );

export function rightsGroup(grants: readonly Grant[], offlineDays: number): XmlMarkup {
  const key = JSON.stringify([grants, offlineDays]);
  return key.length > longestKept
    ? writeRightsGroup(grants, offlineDays)
    : rightsGroups.get(key, () => writeRightsGroup(grants, offlineDays));
}

/** By all that stands in them: many files are protected alike. */
const rightsGroups = boundedMemory<string, XmlMarkup>(64);
/** UTF-16 units of the grants that are looked up. */
const longestKept = 4096;

function writeRightsGroup(grants: readonly Grant[], offlineDays: number): XmlMarkup {
  const time =
    offlineDays > 0 ? element('TIME', {}, element('INTERVALTIME', { days: String(offlineDays) })) : undefined;
  const rights = grants.flatMap(({ to, rights }) =>
    rights.map((right) => {
      const conditions = element(
        'CONDITIONLIST',
        {},
        time,
        element('ACCESS', {}, element('PRINCIPAL', {}, principalObject(to))),
      );
      return reservedElements.has(right)
        ? element(right, {}, conditions)
        : element('RIGHT', { name: right }, conditions);
    }),
  );
  return element('RIGHTSGROUP', { name: 'Main-Rights' }, element('RIGHTSLIST', {}, ...rights));
}

function principalObject(principal: string): XmlMarkup {
  const named = (id: XmlMarkup, ...name: XmlContent[]): XmlMarkup => element('OBJECT', {}, id, ...name);
  if (principal === ownerPrincipal) return named(element('ID', { type: 'Internal' }, 'Owner'));
  if (principal === authenticatedUsers) return named(element('ID', { type: 'Internal' }, 'Anyone'));
  return named(element('ID', { type: 'Unspecified' }), element('NAME', {}, principal));
}

/** What XrML templates have no element for travels as name-value pairs of our own. */
function templateFacts(template: Template): Record<string, string> {
  const { expiration } = template;
  return {
    'Sealwright.State': template.state,
    ...(expiration.kind === 'on' && { 'Sealwright.ExpiresOn': expiration.date.toISOString() }),
    ...(expiration.kind === 'after' && { 'Sealwright.ExpiresAfterDays': String(expiration.days) }),
    ...(template.scope.length > 0 && { 'Sealwright.Scope': template.scope.join(' ') }),
  };
}

/** Encrypted rights are UTF-16LE without a byte-order mark. */
export const rightsDataBytes = (text: string): Uint8Array => encodeUtf16le(text);
