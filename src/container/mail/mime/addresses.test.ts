import fc from 'fast-check';
import { addressParser } from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { type Mailbox, parseAddresses, parseMailboxes } from './addresses.ts';
import { fieldLine, mailboxText } from './encoded-words.ts';
import { recipientsOf } from './recipients.ts';

const addresses = (field: string): readonly string[] => parseMailboxes(field).map(({ address }) => address);
const to = (value: string) => recipientsOf({ fields: [{ name: 'To', value }] }).to;

describe('an address field', () => {
  it('has the mailboxes that another reader finds', () => {
    for (const field of [
      'a@example.com',
      'Ann Example <ann@example.com>, "Bee, B." <b@example.com>',
      'a@example.com (Ann Example); b@example.com',
      '=?utf-8?Q?J=C3=B6rg?= <j@example.com>',
      '<a@example.com>, undisclosed-recipients:;',
      'Team: a@example.com, "B, C" <b@example.com>;, d@example.com',
      'Ann Example ann@example.com',
      'Only a name',
    ])
      expect(parseAddresses(field)).toEqual(
        addressParser(field).map(({ name, address, group }) =>
          group === undefined ? { name, address } : { name, members: group },
        ),
      );
  });

  it('names nobody whose address stands in a name only', () => {
    expect(to('"evil@example.org x"@example.com')).toEqual([]);
    expect(to('=?utf-8?Q?good=40example.com_=3Cevil=40example.org=3E?=')).toEqual([]);
    expect(to('=?utf-8?Q?a,evil@example.org?= <good@example.com>')).toEqual(['good@example.com']);
    expect(to('=?utf-8?Q?evil=40example.org?= <good@example.com>')).toEqual(['good@example.com']);
    expect(to('"evil@example.org"')).toEqual([]);
    expect(to('"<evil@example.org>" <good@example.com>')).toEqual(['good@example.com']);
    expect(to('(evil@example.org,) good@example.com')).toEqual(['good@example.com']);
  });

  it('is read whatever it lacks, and with routes', () => {
    expect(parseMailboxes('Ann\r\n\tExample\r\n <ann@example.com>')[0]?.name).toBe('Ann Example');
    expect(addresses('<a@example.com')).toEqual(['a@example.com']);
    expect(addresses('a < b <c@example.com>')).toEqual(['c@example.com']);
    expect(addresses('<@example.org,@example.net:c@example.com>')).toEqual(['c@example.com']);
    expect(addresses('a@[IPv6:::1], "x y"@example.com')).toEqual(['a@[IPv6:::1]', '"x y"@example.com']);
    expect(addresses('"a, b@example.com')).toEqual(['']);
    expect(addresses(',;:,')).toEqual([]);
    expect(parseMailboxes('a@example.com (Ann (or \\(Annie) Example)')[0]?.name).toBe(
      'Ann (or (Annie) Example',
    );
  });

  it('costs no more than its length', () => {
    const count = 20_000;
    for (const piece of [
      '<',
      '(',
      ':a',
      ': ',
      '"a" ',
      'a ',
      'a,',
      'x <a@',
      '@ ',
      '=?a?q?b?= ',
      '=?',
      '\\',
      'a@b : ',
    ])
      expect(parseAddresses(piece.repeat(count)).length).toBeLessThanOrEqual(count);
  });
});

describe('mailboxes that are written', () => {
  const unicode = fc.string({ unit: 'grapheme' });
  it('are the same when they are read, and as many', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(unicode, fc.emailAddress()), { minLength: 1, maxLength: 4 }), (all) => {
        const list = all.map(([name, address]) => mailboxText(name, address)).join(', ');
        const line = fieldLine('To', `${list}, é <e@example.com>`).replace(/^To: /, '');
        expect(addresses(line)).toEqual([...all.map(([, address]) => address), 'e@example.com']);
      }),
      { numRuns: 50 },
    );
  });

  it('have one address each, whatever somebody made it hold', () => {
    fc.assert(
      fc.property(unicode, fc.string(), (name, address) => {
        const written = mailboxText(name, `${address}@example.com`);
        expect(written.replaceAll('\r\n ', ' ')).not.toMatch(/[\r\n]/);
        expect(parseAddresses(written).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
    const group = parseAddresses(fieldLine('To', 'A, é: b@example.com;').slice(4)) as readonly Mailbox[];
    expect(group.map(({ name }) => name)).toEqual(['A', 'é']);
  });
});
