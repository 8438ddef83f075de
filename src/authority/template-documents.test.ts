import { beforeAll, describe, expect, it } from 'vitest';
import { custodianFromPkcs8, generateRsaKey, type KeyCustodian } from '../license/index.ts';
import { type Authority, createAuthority, createMemoryStore } from './index.ts';

let custodian: KeyCustodian;
beforeAll(async () => {
  custodian = await custodianFromPkcs8(await generateRsaKey(2048));
});

const names = [{ lcid: 1033, name: 'Staff', description: 'All staff' }];
const template = (rights: readonly string[]) => ({ names, grants: [{ to: 'bob@contoso.com', rights }] });

async function countingAuthority() {
  let signatures = 0;
  const counting: KeyCustodian = {
    ...custodian,
    sign: (data) => {
      signatures++;
      return custodian.sign(data);
    },
  };
  const authority = await createAuthority({ store: createMemoryStore(), custodian: counting });
  return { authority, signed: () => signatures };
}

const rightsOfBob = async (authority: Authority, templateId: string): Promise<readonly string[]> => {
  const { publishingLicense } = await authority.as('alice@contoso.com').publish({ templateId });
  return (await authority.as('bob@contoso.com').acquireUseLicense(publishingLicense)).rights;
};

describe('licenses made with a template', () => {
  it('take one signature each once the template is signed', async () => {
    const { authority, signed } = await countingAuthority();
    const { id } = await authority.templates.create(template(['VIEW']));
    const service = authority.as('alice@contoso.com');
    await service.publish({ templateId: id });
    const before = signed();
    for (let i = 0; i < 3; i++) await service.publish({ templateId: id });
    expect(signed() - before).toBe(3);
  });

  it('carry the template as it is now, and who signs it now', async () => {
    const { authority, signed } = await countingAuthority();
    const { id } = await authority.templates.create(template(['VIEW']));
    expect(await rightsOfBob(authority, id)).toEqual(['VIEW']);
    await authority.templates.update(id, template(['VIEW', 'PRINT']));
    let before = signed();
    expect(await rightsOfBob(authority, id)).toContain('PRINT');
    expect(signed() - before).toBe(2);
    await authority.setUrl('https://rms.contoso.com');
    before = signed();
    expect(await rightsOfBob(authority, id)).toContain('PRINT');
    expect(signed() - before).toBe(2);
  });
});
