import { type BoundedMemory, boundedMemory } from '../bytes/index.ts';
import { type CertificateIssuer, issueTemplateDocument } from '../license/index.ts';
import type { Template } from '../rights/index.ts';

/** Documents that are kept for one issuer. */
const mostKept = 64;

interface Document {
  text?: string;
}

/** By who signs: another address or key is another issuer. */
const ofIssuers = new WeakMap<CertificateIssuer, BoundedMemory<string, Document>>();

/**
 * The signed document of a template, as every license made with it carries it. It is signed anew only when anything in
 * the template, or who signs, is another than before: a signature costs as much as all the rest of a license.
 */
export async function templateDocument(issuer: CertificateIssuer, template: Template): Promise<string> {
  let documents = ofIssuers.get(issuer);
  if (documents === undefined) {
    documents = boundedMemory(mostKept);
    ofIssuers.set(issuer, documents);
  }
  const document = documents.get(JSON.stringify(template), () => ({}));
  document.text ??= await issueTemplateDocument(issuer, template);
  return document.text;
}
