import type { NetworkOptions, PacProxy } from './network-options.ts';
import type { Route } from './proxy.ts';

type FindByScript = (
  url: URL,
  options: { readonly signal: AbortSignal },
) => Promise<readonly [Route, ...Route[]]>;

export function loadPacScript(
  _pac: PacProxy['pac'],
  _options: NetworkOptions,
): (options: { readonly signal: AbortSignal }) => Promise<FindByScript> {
  throw new Error('x');
}
