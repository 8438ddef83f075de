import { describe, expect, it } from 'vitest';
import { parseGrant } from './grant-text.ts';

describe('a grant written as text', () => {
  it.each([
    ['bob@contoso.com=VIEW,PRINT', 'bob@contoso.com', 'VIEW PRINT'],
    [
      'Contoso.com=reviewer',
      'contoso.com',
      'VIEW VIEWRIGHTSDATA OBJMODEL DOCEDIT EDIT REPLY REPLYALL FORWARD',
    ],
    [' bob@contoso.com = view , Viewer ', 'bob@contoso.com', 'VIEW VIEWRIGHTSDATA OBJMODEL'],
    ['a=b@contoso.com=VIEW', 'a=b@contoso.com', 'VIEW'],
    ['AuthenticatedUsers=VIEW,custom:Approve', 'AuthenticatedUsers', 'VIEW APPROVE'],
  ])('%s', (text, to, rights) => {
    expect(parseGrant(text)).toEqual({ to, rights: rights.split(' ') });
  });

  it.each([
    ['bob@contoso.com=PIRNT', /did you mean PRINT/i],
    ['bob@contoso.com=APPROVE', /not a known right/],
    ['bob@contoso.com', /WHO=RIGHTS/],
    ['bob@contoso.com=', /WHO=RIGHTS/],
    ['=VIEW', /WHO=RIGHTS/],
    ['bob=VIEW', /names nobody/],
    ['bob@contoso.com=custom:', /not a right/],
  ])('%s is refused with a sentence that helps', (text, message) => {
    expect(() => parseGrant(text)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });
});
