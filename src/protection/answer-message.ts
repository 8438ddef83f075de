import { type HeaderField, type MailMessage, mailModule, type ProtectedMail } from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import { normalizeAddress } from '../rights/index.ts';
import type { OpenedContent } from './opened-content.ts';
import type { Admission } from './opened-facts.ts';
import type { Draft, OpenedMessage, WrittenMessage } from './opened-message.ts';
import { operationDenied } from './operation-denied.ts';
import type { OpenOptions } from './options.ts';
import { quotedText, textOfHtml } from './quoted-text.ts';
import { writtenMessage } from './written-message.ts';

/** Instead of the original's text, for those who may not copy it. */
const notQuoted = '[The message that this answers is protected and is not quoted.]';

/**
 * The answers to a message, each for those whose rights allow it (spec/mail.md, "Reply and forward").
 *
 * @param mail the protected message, which a forwarded message carries as it is
 * @param message the same opened
 * @param rights what this user may do with it, and until when
 */
export function answers(
  mail: ProtectedMail,
  message: MailMessage,
  { content, admission }: { readonly content: OpenedContent; readonly admission: Admission },
  options: OpenOptions,
): Pick<OpenedMessage, 'reply' | 'replyAll' | 'forward'> {
  const now = options.now ?? (() => new Date());

  async function answer(draft: Draft, everybody: boolean): Promise<WrittenMessage> {
    const { bodyText, fieldOf, fieldText, newMessage, recipientsOf } = await mailModule();
    const { fields, body } = message;
    const self = normalizeAddress(draft.from, 'sender');
    const all = recipientsOf(message);
    const replyTo = recipientsOf({ fields: [{ name: 'To', value: fieldOf(fields, 'reply-to') ?? '' }] }).to;
    const author = replyTo.length > 0 ? replyTo : all.from;
    const others = (addresses: readonly string[]): readonly string[] =>
      everybody ? addresses.filter((address) => address.toLowerCase() !== self) : [];
    const to = distinct(draft.to ?? ofMessage([...author, ...others(all.to)]));
    const cc = distinct(draft.cc ?? ofMessage(others(all.cc))).filter((address) => !to.includes(address));
    const id = fieldOf(fields, 'message-id');
    const quote = content.may('EXTRACT')
      ? quotedText(
          (await bodyText(body, 'plain', options)) ??
            textOfHtml((await bodyText(body, 'html', options)) ?? ''),
          fieldText(fields, 'from'),
          fieldOf(fields, 'date'),
        )
      : notQuoted;
    return written(
      newMessage({
        fields: [
          ...envelope(draft, to, cc),
          { name: 'Subject', value: prefixed('Re', fieldText(fields, 'subject')) },
          ...(id === undefined
            ? []
            : [
                { name: 'In-Reply-To', value: id },
                { name: 'References', value: [fieldOf(fields, 'references'), id].filter(Boolean).join(' ') },
              ]),
          { name: 'Date', value: mailDate(now()) },
        ],
        plain: `${lines(draft.text)}\r\n\r\n${quote}\r\n`,
      }),
    );
  }

  async function forward(draft: Draft): Promise<WrittenMessage> {
    const { fieldText, newMessage } = await mailModule();
    const { to = [], cc = [] } = draft;
    if (to.length === 0)
      throw new SealwrightError('INVALID_ARGUMENT', 'Say to whom the message is forwarded: give `to`.');
    const subject = fieldText(message.fields, 'subject');
    return written(
      newMessage({
        fields: [
          ...envelope(draft, distinct(to), distinct(cc)),
          { name: 'Subject', value: prefixed('Fw', subject) },
          { name: 'Date', value: mailDate(now()) },
        ],
        plain: `${lines(draft.text)}\r\n`,
        attachments: [
          {
            kind: 'message',
            message: await mail.outer({ signal: options.signal }),
            name: `${subject?.replace(/[\p{Cc}/\\]/gu, '_') || 'message'}.eml`,
            contentType: 'message/rfc822',
            contentId: undefined,
            contentLocation: undefined,
            inline: false,
            created: undefined,
            modified: undefined,
          },
        ],
      }),
    );
  }

  const written = (made: MailMessage): WrittenMessage =>
    writtenMessage('eml', async () => (await mailModule()).writeMail(made, 'eml', options), options);
  const refuse = (operation: string, right: string): void => {
    admission.check();
    if (!content.may(right)) throw operationDenied(content, operation, right);
  };
  return {
    async reply(draft) {
      refuse('answer it', 'REPLY');
      return answer(draft, false);
    },
    async replyAll(draft) {
      refuse('answer everybody it was sent to', 'REPLYALL');
      return answer(draft, true);
    },
    async forward(draft) {
      refuse('forward it', 'FORWARD');
      return forward(draft);
    },
  };
}

const envelope = (draft: Draft, to: readonly string[], cc: readonly string[]): readonly HeaderField[] => [
  { name: 'From', value: checked(draft.from) },
  ...(to.length === 0 ? [] : [{ name: 'To', value: to.map(checked).join(', ') }]),
  ...(cc.length === 0 ? [] : [{ name: 'Cc', value: cc.map(checked).join(', ') }]),
];

/** Addresses that the message states: one that is none is no mistake of who answers. */
function ofMessage(addresses: readonly string[]): readonly string[] {
  for (const address of addresses)
    try {
      normalizeAddress(address);
    } catch {
      throw new SealwrightError(
        'MALFORMED_CONTAINER',
        'The message names somebody by what is no mail address. Say to whom the answer goes: give `to` and `cc`.',
      );
    }
  return addresses;
}

/** What is an address stays as it was written: the part before the @ may mean case. */
function checked(address: string): string {
  normalizeAddress(address);
  return address.trim();
}

const distinct = (addresses: readonly string[]): readonly string[] => [
  ...new Map(addresses.map((address) => [address.toLowerCase(), address])).values(),
];

const prefixed = (prefix: 'Re' | 'Fw', subject = ''): string =>
  /^(?:re|aw|sv|fw|fwd|wg)(?:\[\d+\])?:/i.test(subject) && prefix === 'Re'
    ? subject
    : `${prefix}: ${subject}`;

const lines = (text: string): string => text.replace(/\r?\n/g, '\r\n').trimEnd();

/** RFC 5322, 3.3. */
const mailDate = (date: Date): string => date.toUTCString().replace('GMT', '+0000');
