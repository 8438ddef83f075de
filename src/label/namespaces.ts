import type { XmlElement } from '../xrml/index.ts';

/** The namespace that a prefix stands for in some element; the empty prefix is the default one. */
export type Namespaces = (prefix: string) => string | undefined;

export const noNamespaces: Namespaces = () => undefined;

/**
 * The namespaces that hold inside `element`. What it inherits is asked, not copied: a document may declare
 * some in each of thousands of elements.
 */
export function namespacesOf({ attributes }: XmlElement, inherited: Namespaces): Namespaces {
  let declared: Map<string, string> | undefined;
  for (const name in attributes) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
    declared ??= new Map();
    declared.set(name.slice('xmlns:'.length), attributes[name] as string);
  }
  if (declared === undefined) return inherited;
  const own = declared;
  return (prefix) => (own.has(prefix) ? own.get(prefix) : inherited(prefix));
}
