import { defineGrants, definePolicy } from '../../../rights/index.ts';
import { type MessagePolicy, messageRights } from '../message-policy.ts';
import { checked, type Field, fieldsOf, textOf, told } from './fields.ts';
import { momentOf } from './quantities.ts';

const names = ['rights', 'validFrom', 'validUntil', 'referrer'] as const;

/** Whom messages are sent to decides: `"do-not-forward"`, or an object that says until when, too. */
export function readMessagePolicy(field: Field): MessagePolicy | undefined {
  if (field.value === undefined) return undefined;
  if (typeof field.value === 'string') {
    const rights = rightsOf(field);
    return rights && Object.freeze({ rights });
  }
  const fields = fieldsOf(field, names, 'a message policy');
  const rights = fields && rightsOf(fields('rights'));
  if (fields === undefined || rights === undefined) return undefined;
  const policy: MessagePolicy = {
    rights,
    validFrom: momentOf(fields('validFrom')),
    validUntil: momentOf(fields('validUntil')),
    referrer: textOf(fields('referrer'), 2_048),
  };
  const { rights: _, ...refinements } = policy;
  checked(field, () => definePolicy({ ...refinements, grants: defineGrants([]) }));
  return Object.freeze(policy);
}

function rightsOf({ value, path, mistakes }: Field): MessagePolicy['rights'] | undefined {
  const known = Object.keys(messageRights) as MessagePolicy['rights'][];
  const rights = known.find((each) => each === value);
  if (rights === undefined)
    mistakes.add(path, `write ${known.map((each) => `"${each}"`).join(' or ')}, not ${told(value)}`);
  return rights;
}
