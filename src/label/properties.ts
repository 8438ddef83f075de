import { type LabelMetadata, labelFrom } from './label.ts';
import {
  checkedChange,
  type LabelChange,
  type LabelProperty,
  type NewLabel,
  propertyCharacters,
  propertyPrefix,
  setDateText,
} from './label-change.ts';

const propertyName = /^MSIP_Label_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_(.+)$/is;

/** A property without a GUID: the path of the label as people read it. */
const sensitivity = 'sensitivity';

/** Attributes of Microsoft's own carry this before their name, and `Extended_` before that. */
const vendorPrefix = 'MSFT_';

/** Whether a document property states something of a label: `MSIP_Label_<guid>_<attribute>`, or `Sensitivity`. */
export const isLabelProperty = (name: string): boolean =>
  propertyName.test(name) || name.toLowerCase() === sensitivity;

/**
 * The labels that properties state, each id once, in the order of their first property. Attributes nobody
 * knows, and those with a version behind their name, are kept in `extended` (spec/labels.md, "Properties").
 *
 * @param pairs properties of a document; those that state no label are passed over
 *
 * @example
 * ```ts
 * labelsFromProperties([['MSIP_Label_10000000-0000-4000-8000-000000000001_Enabled', 'true']])[0]?.enabled; // true
 * ```
 */
export function labelsFromProperties(pairs: readonly LabelProperty[]): readonly LabelMetadata[] {
  const groups = new Map<string, LabelProperty[]>();
  for (const [name, value] of pairs) {
    const [, id, attribute] = propertyName.exec(name) ?? [];
    if (id === undefined || attribute === undefined) continue;
    const key = id.toLowerCase();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [[attribute, value]]);
    else group.push([attribute, value]);
  }
  return Object.freeze([...groups].map(([id, attributes]) => labelFrom(id, attributes)));
}

/** What labels look like as properties, in the order in which Office writes them. The opposite of {@link labelsFromProperties}. */
export function propertiesFromLabels(labels: readonly LabelMetadata[]): readonly LabelProperty[] {
  return labels.flatMap((label) => {
    const { id, removed, enabled, contentBits, extended } = label;
    if (removed) return [];
    return named(id, [
      ['Enabled', String(enabled)],
      ['SetDate', label.setDate],
      // The older `Manual` and `Automatic` came out of an extended attribute, and go back there.
      ['Method', label.method === extended.MSFT_Method ? undefined : label.method],
      ['Name', label.name],
      ['SiteId', label.siteId],
      ['Owner', label.owner],
      ['Parent', label.parentId],
      ['Application', label.application],
      ['ContentBits', contentBits === undefined ? undefined : String(contentBits)],
      ...Object.entries(extended).map(([name, value]) => [extendedName(name), value] as const),
    ]);
  });
}

/**
 * Properties of a document after a change of its labels; the same array if nothing changes. Pairs that state
 * no label stay where they are, and are the same objects. A label that is set takes the place of what its
 * tenant had, with the labels above and below it; of a label that is removed every property goes, and those of
 * labels that stood there only as labels above it. `Sensitivity` goes, or is renamed, with the label it names
 * (spec/labels.md, "Properties").
 *
 * @returns the same array if nothing changed
 * @throws SealwrightError `INVALID_ARGUMENT` for a label that cannot be written
 */
export function changeProperties(
  pairs: readonly LabelProperty[],
  change: LabelChange,
): readonly LabelProperty[] {
  const checked = checkedChange(change);
  const labels = labelsFromProperties(pairs);
  const leaving = 'set' in checked ? replaced(labels, checked.set) : removed(labels, checked.remove);
  const remaining = labels.filter((label) => !leaving.has(label.id));
  const added = 'set' in checked ? newProperties(checked.set) : [];
  const newName = 'set' in checked ? checked.set.name : undefined;
  const names = new Set(labels.filter(({ id }) => leaving.has(id)).flatMap(({ name }) => name?.trim() || []));
  /** `Sensitivity` names no tenant: it is taken to belong to the label whose name it ends with, or to the only one there was. */
  const renames = (value: string): boolean =>
    ('set' in checked || leaving.size > 0 || checked.remove === 'all') &&
    (remaining.length === 0 || endsWithAny(value.trim(), names));

  const result: LabelProperty[] = [];
  let place = -1;
  for (const pair of pairs) {
    const id = propertyName.exec(pair[0])?.[1]?.toLowerCase();
    if (id !== undefined && leaving.has(id)) {
      if (place < 0) place = result.length;
    } else if (pair[0].toLowerCase() !== sensitivity || !renames(pair[1])) result.push(pair);
    else if (newName === pair[1]) result.push(pair);
    else if (newName !== undefined) result.push(Object.freeze([pair[0], newName] as const));
  }
  result.splice(place < 0 ? result.length : place, 0, ...added);
  const same = result.length === pairs.length && result.every((pair, i) => samePair(pair, pairs[i]!));
  return same ? pairs : Object.freeze(result);
}

/** Whether `text` ends with one of `names`, none longer than a property can be: there may be thousands of them. */
function endsWithAny(text: string, names: ReadonlySet<string>): boolean {
  for (let at = Math.max(0, text.length - propertyCharacters); at < text.length; at++)
    if (names.has(text.slice(at))) return true;
  return false;
}

const samePair = (one: LabelProperty, other: LabelProperty): boolean =>
  one[0] === other[0] && one[1] === other[1];

/** Ids of what a new label takes the place of: its tenant's labels, itself, and whatever is above or below those. */
function replaced(labels: readonly LabelMetadata[], label: NewLabel): ReadonlySet<string> {
  const below = labelsBelow(labels);
  const byId = new Map(labels.map((each) => [each.id, each]));
  const leaving = new Set<string>();
  const waiting = labels.filter(({ id, siteId }) => siteId === label.siteId || id === label.id);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (leaving.has(next.id)) continue;
    leaving.add(next.id);
    const above = next.parentId === undefined ? undefined : byId.get(next.parentId);
    // A label that names another tenant is nobody's relative.
    for (const relative of [above, ...(below.get(next.id) ?? [])])
      if (relative !== undefined && relative.siteId === undefined) waiting.push(relative);
  }
  return leaving;
}

/** Ids of what goes with a label: itself, and labels above it that no other label names. */
function removed(labels: readonly LabelMetadata[], wanted: string): ReadonlySet<string> {
  if (wanted === 'all') return new Set(labels.map(({ id }) => id));
  const below = labelsBelow(labels);
  const byId = new Map(labels.map((label) => [label.id, label]));
  const leaving = new Set<string>();
  let next = byId.get(wanted);
  while (next !== undefined && !leaving.has(next.id)) {
    leaving.add(next.id);
    const above: LabelMetadata | undefined = byId.get(next.parentId ?? '');
    const needed = above !== undefined && below.get(above.id)?.some(({ id }) => !leaving.has(id));
    next = needed ? undefined : above;
  }
  return leaving;
}

function labelsBelow(labels: readonly LabelMetadata[]): ReadonlyMap<string, readonly LabelMetadata[]> {
  const below = new Map<string, LabelMetadata[]>();
  for (const label of labels) {
    if (label.parentId === undefined) continue;
    const siblings = below.get(label.parentId);
    if (siblings === undefined) below.set(label.parentId, [label]);
    else siblings.push(label);
  }
  return below;
}

function newProperties(label: NewLabel): readonly LabelProperty[] {
  return named(label.id, [
    ['Enabled', 'true'],
    ['SetDate', label.setDate && setDateText(label.setDate)],
    ['Method', label.method],
    ['Name', label.name],
    ['SiteId', label.siteId],
    ['Owner', label.owner],
    ['Parent', label.parentId],
    ['ActionId', label.actionId],
    ['ContentBits', label.contentBits === undefined ? undefined : String(label.contentBits)],
    ...Object.entries(label.extended ?? {}).map(([name, value]) => [extendedName(name), value] as const),
  ]);
}

const extendedName = (name: string): string => (name.startsWith(vendorPrefix) ? `Extended_${name}` : name);

const named = (
  id: string,
  attributes: readonly (readonly [string, string | undefined])[],
): readonly LabelProperty[] =>
  attributes.flatMap(([name, value]) =>
    value === undefined || value === ''
      ? []
      : [Object.freeze([`${propertyPrefix(id)}${name}`, value] as const)],
  );
