interface NodeProcess {
  readonly getBuiltinModule?: (name: string) => unknown;
}

/**
 * A module that Node brings along, where the runtime is Node or offers its modules, else `undefined`. It is asked for
 * at run time and not imported, so that a bundle for a browser holds no Node module.
 *
 * @param name - with the prefix `node:`
 */
export function builtinModule<T>(name: 'node:buffer' | 'node:crypto'): T | undefined {
  const { process } = globalThis as { readonly process?: NodeProcess };
  return process?.getBuiltinModule?.(name) as T | undefined;
}
