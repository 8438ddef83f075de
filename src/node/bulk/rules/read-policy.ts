import {
  defineGrants,
  definePolicy,
  type GrantInput,
  type LocalizedName,
  type PolicyInput,
  parseGrant,
} from '../../../rights/index.ts';
import {
  checked,
  entriesOf,
  type Field,
  fieldsOf,
  textOf,
  textsByNameOf,
  textsOf,
  wholeNumberOf,
} from './fields.ts';
import { momentOf } from './quantities.ts';

const names = [
  'grants',
  'validFrom',
  'validUntil',
  'offlineDays',
  'referrer',
  'names',
  'signedApplicationData',
  'encryptedApplicationData',
] as const;

/** A policy as it is written for protecting, its grants also as the command line takes them. */
export function readPolicy(field: Field): PolicyInput | undefined {
  if (field.value === undefined) return undefined;
  const fields = fieldsOf(field, names, 'a policy');
  if (fields === undefined) return undefined;
  const written = fields('grants');
  if (written.value === undefined)
    field.mistakes.add(field.path, 'write who may do what in grants; an empty list is nobody but the owner');
  const entries = entriesOf(written, 4_096);
  const policy: PolicyInput = {
    grants: (entries ?? []).flatMap((entry) => readGrant(entry) ?? []),
    validFrom: momentOf(fields('validFrom')),
    validUntil: momentOf(fields('validUntil')),
    offlineDays: wholeNumberOf(fields('offlineDays'), -1, 9_999),
    referrer: textOf(fields('referrer'), 2_048),
    names: entriesOf(fields('names'), 100)?.flatMap((entry) => readName(entry) ?? []),
    signedApplicationData: textsByNameOf(fields('signedApplicationData'), 64),
    encryptedApplicationData: textsByNameOf(fields('encryptedApplicationData'), 64),
  };
  checked(field, () => definePolicy(policy));
  return Object.freeze(policy);
}

function readGrant(field: Field): GrantInput | undefined {
  const { value } = field;
  if (typeof value === 'string') return checked(field, () => parseGrant(value));
  const fields = fieldsOf(field, ['to', 'rights'], 'a grant');
  if (fields === undefined) return undefined;
  const to = textOf(fields('to'));
  const written = fields('rights');
  const rights = typeof written.value === 'string' ? written.value : textsOf(written, 64);
  if (to === undefined || rights === undefined) {
    field.mistakes.add(field.path, 'write to whom and which rights: "bob@contoso.com=VIEW,PRINT"');
    return undefined;
  }
  return checked(field, () => defineGrants([{ to, rights }])[0]);
}

function readName(field: Field): LocalizedName | undefined {
  const fields = fieldsOf(field, ['lcid', 'name', 'description'], 'a name');
  const lcid = fields && wholeNumberOf(fields('lcid'), 1, 0xfffff);
  const name = fields && textOf(fields('name'));
  if (fields === undefined || lcid === undefined || name === undefined) {
    field.mistakes.add(field.path, 'write the locale (lcid, 1033 for US English) and the name');
    return undefined;
  }
  return { lcid, name, description: textOf(fields('description'), 4_096) ?? '' };
}
