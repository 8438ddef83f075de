import type { MailMessage } from '../mail-message.ts';
import { parseMailboxes } from './addresses.ts';

/** Who a message is from and for, as mail addresses. */
export interface MessageAddresses {
  readonly from: readonly string[];
  readonly sender: readonly string[];
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
}

/** Addresses of one message that are looked at. */
const mostAddresses = 10_000;

/**
 * The addresses of a message, members of groups included, each once. What has no `@` between two other characters is
 * no address and left out: nobody could be granted anything by it.
 *
 * @example
 * ```ts
 * const { to, cc, bcc } = recipientsOf(message);
 * const policy = doNotForward([...to, ...cc, ...bcc]);
 * ```
 */
export function recipientsOf({ fields }: Pick<MailMessage, 'fields'>): MessageAddresses {
  const of = (wanted: string): readonly string[] => {
    const found = new Map<string, string>();
    for (const { name, value } of fields)
      if (name.toLowerCase() === wanted)
        for (const { address } of parseMailboxes(value))
          if (/^[^@\s]+@[^@\s]+$/.test(address) && found.size < mostAddresses)
            found.set(address.toLowerCase(), address);
    return Object.freeze([...found.values()]);
  };
  return Object.freeze({
    from: of('from'),
    sender: of('sender'),
    to: of('to'),
    cc: of('cc'),
    bcc: of('bcc'),
  });
}
