import { type ContentInput, collectSource, maxima, sourceOf, type WaitOptions } from '../bytes/index.ts';
import { type MailParticipants, mailModule } from '../container/index.ts';

/**
 * Who writes a message to whom, protected or not, as its clear header says: what `doNotForward` and `encryptOnly` take.
 * Nobody vouches for what a header says.
 *
 * @param input a `.eml` or `.msg`, as bytes, a Blob, a Web Stream or a ByteSource
 * @returns sender and recipients; `undefined` for what is no message
 * @throws `LIMIT_EXCEEDED` for more recipients than a policy holds, `MALFORMED_CONTAINER`
 * @see spec/mail.md, "Protecting"
 *
 * @example
 * ```ts
 * import { doNotForward, messageParticipants, protect } from 'sealwright';
 * const { recipients = [] } = (await messageParticipants(eml)) ?? {};
 * const mail = await protect(eml, { service, name: 'offer.eml', policy: doNotForward(recipients) });
 * ```
 */
export async function messageParticipants(
  input: ContentInput,
  options: WaitOptions = {},
): Promise<MailParticipants | undefined> {
  const given = sourceOf(input);
  try {
    const source = await collectSource(given, maxima.collectedBytes, options);
    return await (await mailModule()).mailParticipants(source, options);
  } finally {
    if (given !== input) await given.close?.();
  }
}
