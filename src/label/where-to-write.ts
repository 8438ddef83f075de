import type { LabelChange } from './label-change.ts';

/** The two statements that a document can make of labels. */
export interface Statements {
  readonly labelInfo: boolean;
  readonly properties: boolean;
}

/**
 * Which statements a change is written to, given those that the document makes: LabelInfo where it is in use,
 * properties where they are, both in a document without labels. What LabelInfo has no field for, such as the
 * name, makes properties beside it (spec/labels.md, "Where a change is written").
 */
export function whereToWrite(change: LabelChange, present: Statements): Statements {
  if (!('set' in change)) return present;
  const { name, owner, parentId, actionId, extended = {} } = change.set;
  const needsProperties =
    [name, owner, parentId, actionId].some((fact) => fact !== undefined) || Object.keys(extended).length > 0;
  const none = !present.labelInfo && !present.properties;
  return {
    labelInfo: present.labelInfo || none,
    properties: present.properties || none || needsProperties,
  };
}
