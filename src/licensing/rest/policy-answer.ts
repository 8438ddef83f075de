import {
  defineGrants,
  definePolicy,
  findPermissionLevel,
  type GrantInput,
  isKnownRight,
  type LocalizedName,
  normalizeRight,
  type Policy,
  type PolicyInput,
} from '../../rights/index.ts';
import type { AnswerFields } from './answer-fields.ts';

/** What the policy of an answer does not say itself. */
export interface PolicySurroundings {
  readonly extension: PolicyExtensionAnswer;
  readonly onlineOnly: boolean;
  readonly contentValidUntil: Date | undefined;
  readonly referrer: string | undefined;
  /** Name and description of the answer, in the language that was asked for. */
  readonly name: LocalizedName | undefined;
  readonly signedApplicationData: Readonly<Record<string, string>>;
  readonly encryptedApplicationData: Readonly<Record<string, string>>;
}

/** What our own server says of a policy beyond the protocol. */
export interface PolicyExtensionAnswer {
  readonly validFrom: Date | undefined;
  readonly offlineDays: number | undefined;
  readonly names: readonly LocalizedName[] | undefined;
}

const mostGrants = 4096;

/** Reads the members of {@link PolicyExtensionAnswer}. Throws `MALFORMED_ANSWER`. */
export function readPolicyExtension(sealwright: AnswerFields | undefined): PolicyExtensionAnswer {
  const names = sealwright?.objects('Names')?.map((each) => ({
    lcid: each.number('Lcid') ?? 0,
    name: each.requiredText('Name'),
    description: each.text('Description') ?? '',
  }));
  return { validFrom: sealwright?.date('ValidFrom'), offlineDays: sealwright?.number('OfflineDays'), names };
}

/**
 * Reads the policy back for somebody who may see it. What cannot stand in a policy of ours (an odd principal, a right
 * with blanks, a name that is too long) is left out: it must not keep anyone from opening (spec/rest.md, "Use
 * licenses"). Wrong types are `MALFORMED_ANSWER`.
 */
export function readPolicy(fields: AnswerFields, around: PolicySurroundings): Policy {
  fields.flag('AllowAuditedExtraction');
  const interval = fields.number('IntervalTimeInDays');
  const validUntil = fields.date('LicenseValidUntil') ?? around.contentValidUntil;
  let policy: PolicyInput = { grants: [] };
  const add = (part: Partial<PolicyInput>): void => {
    policy = definable({ ...policy, ...part }) ? { ...policy, ...part } : policy;
  };
  add({ validUntil });
  add({ validFrom: around.extension.validFrom });
  add({ offlineDays: around.extension.offlineDays ?? (around.onlineOnly ? 0 : (interval ?? -1)) });
  add({ referrer: around.referrer });
  add({ names: around.extension.names ?? (around.name === undefined ? [] : [around.name]) });
  add({ signedApplicationData: around.signedApplicationData });
  add({ encryptedApplicationData: around.encryptedApplicationData });
  return definePolicy({ ...policy, grants: readGrants(fields) });
}

function readGrants(fields: AnswerFields): readonly GrantInput[] {
  const grants: GrantInput[] = [];
  const add = (users: readonly string[], rights: readonly string[]): void => {
    if (rights.length === 0) return;
    for (const to of users) {
      if (grants.length === mostGrants) return;
      if (isGrant({ to, rights })) grants.push({ to, rights });
    }
  };
  for (const entry of fields.objects('UserRights') ?? [])
    add(entry.texts('Users') ?? [], (entry.texts('Rights') ?? []).flatMap(rightsOfName));
  for (const entry of fields.objects('UserRoles') ?? [])
    add(
      entry.texts('Users') ?? [],
      (entry.texts('Roles') ?? []).flatMap((role) => findPermissionLevel(role)?.rights ?? []),
    );
  return grants;
}

function isGrant(grant: GrantInput): boolean {
  try {
    return defineGrants([grant]).length === 1;
  } catch {
    return false;
  }
}

/** A right under its usual name; a permission level that stands where a right should, as its rights. */
function rightsOfName(name: string): readonly string[] {
  const level = isKnownRight(name) ? undefined : findPermissionLevel(name);
  if (level !== undefined) return level.rights;
  try {
    return [normalizeRight(name)];
  } catch {
    return [];
  }
}

function definable(input: PolicyInput): boolean {
  try {
    definePolicy(input);
    return true;
  } catch {
    return false;
  }
}
