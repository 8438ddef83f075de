import type { Template } from '../rights/index.ts';
import { signXrmlBody } from '../xrml/index.ts';
import type { CertificateIssuer } from './certificates.ts';
import { issuerElement } from './party.ts';
import { templateBody } from './rights-data.ts';

/** A template as a signed official rights template. @returns the `<XrML>` text */
export const issueTemplateDocument = (
  { server, custodian }: CertificateIssuer,
  template: Template,
): Promise<string> => signXrmlBody(templateBody(template, issuerElement(server)), custodian.sign);
