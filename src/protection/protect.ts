import { type ContentInput, sourceOf, wipe } from '../bytes/index.ts';
import type { AnyFormat } from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import { containerLabels, type LabelMetadata, readCarriedLabels } from '../label/index.ts';
import type { PublishRequest } from '../licensing/index.ts';
import { definePolicy } from '../rights/index.ts';
import { type ChosenFormat, chooseFormat, recogniseDocument, refuseProtected } from './choose-format.ts';
import type { ProtectOptions } from './options.ts';
import { type ContainerLabels, protectedContent } from './protect-content.ts';
import { carriedMode, protectedDocument } from './protect-document.ts';
import type { ProtectedContent } from './protected-content.ts';

/**
 * Encrypts content under a policy or a template and makes the policy travel with it.
 *
 * Asks the service for a publishing license; the content itself never leaves. Without further options the
 * service chooses the cipher mode: our own authority chooses `SEALWRIGHT.GCM64K`, which detects tampering;
 * `interop: 'microsoft'` asks for `MICROSOFT.CBC4K`, which does not.
 *
 * @param input bytes, a Blob, a Web Stream, or a ByteSource; a stream needs no known length
 * @param options the service, a policy or template, the file's name
 * @returns the protected file, encrypted while you take it, once
 * @throws `ALREADY_PROTECTED`, `INVALID_ARGUMENT`, `TEMPLATE_NOT_FOUND`, `ACCESS_DENIED`, `UNSUPPORTED_CIPHER_MODE`
 * @see spec/architecture.md, "Protect"; spec/pfile.md
 *
 * @example
 * ```ts
 * import { protect } from 'sealwright';
 * const file = await protect(new TextEncoder().encode('Hello'), {
 *   service: authority.as('alice@contoso.com'),
 *   policy: { grants: [{ to: 'bob@contoso.com', rights: ['VIEW', 'PRINT'] }] },
 *   name: 'report.txt',
 * });
 * const bytes = await file.bytes(); // store them as file.name, 'report.ptxt'
 * ```
 */
export async function protect(input: ContentInput, options: ProtectOptions): Promise<ProtectedContent> {
  const given = sourceOf(input);
  // A stream that was handed in is ours to end; what else holds a source closes it.
  const release = given === input ? () => undefined : () => void given.close?.();
  try {
    const start = await recogniseDocument(given, options);
    refuseProtected(start, options.name);
    return await protectChosen(await chooseFormat(start, options), options, release);
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * {@link protect} for a document whose format is chosen and that is known to be plaintext.
 *
 * @param statedLabels labels for content of a kind that keeps none itself
 */
export async function protectChosen(
  chosen: ChosenFormat,
  options: ProtectOptions,
  release: () => void = () => undefined,
  statedLabels: readonly LabelMetadata[] = [],
): Promise<ProtectedContent> {
  const labels = await labelsFor(chosen, options, statedLabels);
  const published = await options.service.publish(publishRequest(options, chosen.format), options);
  const { format } = chosen;
  try {
    return format.encrypts === 'parts'
      ? protectedDocument({ ...chosen, format }, labels, options, published, release)
      : protectedContent({ ...chosen, format }, labels, options, published, release);
  } catch (error) {
    wipe(published.contentKey);
    throw error;
  }
}

/** What the container states of labels: what it is told to, else what the document states, else `stated`. */
async function labelsFor(
  { format, source, head, recognition }: ChosenFormat,
  { metadata, signal }: ProtectOptions,
  stated: readonly LabelMetadata[],
): Promise<ContainerLabels> {
  if (metadata !== undefined) return { metadata };
  const inside = await readCarriedLabels(source, { head, recognition, signal });
  const carried =
    inside.labels.length > 0 ? inside : { labelInfo: undefined, properties: stated, labels: stated };
  return containerLabels(format.name, carried);
}

function publishRequest(options: ProtectOptions, format: AnyFormat): PublishRequest {
  const { policy, template, owner, name, interop } = options;
  if ((policy === undefined) === (template === undefined))
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'Give either a policy or the id of a template, and not both.',
    );
  const shared = {
    cipherMode: carriedMode(
      format,
      options.cipherMode ?? (interop === 'microsoft' ? 'MICROSOFT.CBC4K' : undefined),
    ),
    owner,
    contentName: name,
  };
  return policy === undefined
    ? { ...shared, templateId: template as string }
    : { ...shared, policy: definePolicy(policy) };
}
