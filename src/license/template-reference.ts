import { type LocalizedName, ownerPrincipal } from '../rights/index.ts';
import { element, signXrmlBody } from '../xrml/index.ts';
import { issuerElement } from './party.ts';
import type { LicenseSigner } from './publishing-license.ts';
import { descriptor, officialTemplateType, rightsGroup } from './rights-data.ts';
import { issuedTime } from './times.ts';

/** What a client knows of a template that its server keeps. */
export interface TemplateReference {
  /** GUID, lower case, without braces. */
  readonly id: string;
  readonly names: readonly LocalizedName[];
}

/**
 * Names a template in a license that a client signs: the id for the server, which applies the template it has
 * under it, and rights for nobody but the owner, for any reader that takes the document by its word
 * (spec/licenses.md, "Offline publishing").
 *
 * @returns the `<XrML>` text
 */
export const issueTemplateReference = (
  { account, custodian }: Extract<LicenseSigner, { kind: 'client' }>,
  { id, names }: TemplateReference,
  issuedAt: Date,
): Promise<string> =>
  signXrmlBody(
    element(
      'BODY',
      { type: officialTemplateType, version: '3.0' },
      issuedTime(issuedAt),
      descriptor(id, undefined, names),
      issuerElement(account),
      element(
        'WORK',
        {},
        element('OBJECT', {}, element('ID', { type: '' })),
        rightsGroup([{ to: ownerPrincipal, rights: ['OWNER'] }], -1),
      ),
    ),
    custodian.sign,
    { layout: 'client' },
  );
