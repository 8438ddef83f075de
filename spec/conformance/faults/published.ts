import { initAuthority } from '../../../src/authority/folder/index.ts';
import { definePolicy } from '../../../src/index.ts';

/** A license, and what whoever opens it has to get. */
export interface Published {
  readonly publishingLicense: Uint8Array;
  readonly contentId: string;
  readonly contentKey: Uint8Array;
  /** Sorted. */
  readonly rights: readonly string[];
}

const grants: readonly (readonly string[])[] = [
  ['VIEW'],
  ['EDIT', 'VIEW'],
  ['PRINT', 'VIEW'],
  ['EXPORT', 'EXTRACT', 'PRINT', 'VIEW'],
];

/** Makes an authority in `folder` in which `count` contents are published for everyone at contoso.com. */
export async function publishContents(folder: string, count: number): Promise<readonly Published[]> {
  const authority = await initAuthority(folder);
  const published: Published[] = [];
  for (let n = 0; n < count; n++) {
    const rights = grants[n % grants.length]!;
    const policy = definePolicy({ grants: [{ to: 'contoso.com', rights: [...rights] }] });
    const made = await authority.as(`owner-${n % 7}@contoso.com`).publish({ policy });
    const { publishingLicense, contentId, contentKey } = made;
    published.push({ publishingLicense, contentId, contentKey, rights });
  }
  await authority.close();
  return published;
}
