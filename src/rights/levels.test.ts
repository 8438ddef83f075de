import { describe, expect, it } from 'vitest';
import { hasRight } from './check-right.ts';
import { doNotForwardRights, encryptOnlyRights, findPermissionLevel, permissionLevels } from './levels.ts';

const exact: Record<string, string> = {
  Viewer: 'OBJMODEL VIEW VIEWRIGHTSDATA',
  Reviewer: 'DOCEDIT EDIT FORWARD OBJMODEL REPLY REPLYALL VIEW VIEWRIGHTSDATA',
  'Co-Author': 'DOCEDIT EDIT EXTRACT FORWARD OBJMODEL PRINT REPLY REPLYALL VIEW VIEWRIGHTSDATA',
  'Co-Owner':
    'DOCEDIT EDIT EDITRIGHTSDATA EXPORT EXTRACT FORWARD OBJMODEL OWNER PRINT REPLY REPLYALL VIEW VIEWRIGHTSDATA',
};

describe('permission levels', () => {
  it.each(Object.entries(exact))('%s is exactly %s', (name, names) => {
    expect([...(findPermissionLevel(name)?.rights ?? [])].sort().join(' ')).toBe(names);
  });

  it.each([
    ['VIEWER', 'Viewer'],
    ['REVIEWER', 'Reviewer'],
    ['Restricted Editor', 'Reviewer'],
    ['AUTHOR', 'Co-Author'],
    ['COAUTHOR', 'Co-Author'],
    ['co-author', 'Co-Author'],
    ['Editor', 'Co-Author'],
    ['COOWNER', 'Co-Owner'],
    ['Owner', 'Co-Owner'],
  ])('%s is the level %s', (spelling, name) => expect(findPermissionLevel(spelling)?.name).toBe(name));

  it('do not answer to the name of a right, except Owner, which gives everything either way', () => {
    for (const name of ['VIEW', 'EDIT', 'COMMENT', 'EXPORT'])
      expect(findPermissionLevel(name)).toBeUndefined();
    expect(findPermissionLevel('OWNER')?.rights).toContain('OWNER');
  });

  it('each include the one before', () => {
    for (let i = 1; i < permissionLevels.length; i++)
      for (const right of permissionLevels[i - 1]!.rights)
        expect(permissionLevels[i]!.rights).toContain(right);
  });
});

describe('mail protections', () => {
  it('Do Not Forward lets people answer and edit but not forward, print, copy out or save elsewhere', () => {
    for (const right of ['VIEW', 'EDIT', 'DOCEDIT', 'REPLY', 'REPLYALL'])
      expect(hasRight(doNotForwardRights, right)).toBe(true);
    for (const right of ['FORWARD', 'PRINT', 'EXTRACT', 'EXPORT'])
      expect(hasRight(doNotForwardRights, right)).toBe(false);
  });

  it('Encrypt-Only gives every right people are given but EXPORT and OWNER', () => {
    expect([...encryptOnlyRights].sort().join(' ')).toBe(
      'COMMENT DOCEDIT EDIT EDITRIGHTSDATA EXTRACT FORWARD OBJMODEL PRINT REPLY REPLYALL VIEW VIEWRIGHTSDATA',
    );
  });
});
