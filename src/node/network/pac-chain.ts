import type { SealwrightError } from '../../errors.ts';
import { parseProxy, type Route, unsupportedProxy } from './proxy.ts';

const mostRoutes = 16;
const source = 'The PAC script';

/**
 * Reads what a PAC script answers: `PROXY a:3128; HTTPS b:443; DIRECT`. SOCKS proxies are passed over where something
 * else is named, and refused where nothing is. Throws `PROXY_FAILED`.
 */
export function parsePacAnswer(answer: unknown): readonly [Route, ...Route[]] {
  // An empty answer means "straight" to every program that runs such scripts.
  const text = answer === null || answer === undefined ? '' : String(answer);
  const entries = text
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .slice(0, mostRoutes);
  if (entries.length === 0) return ['direct'];
  let problem: SealwrightError | undefined;
  const routes = entries.flatMap((entry): readonly Route[] => {
    const [kind = '', address = ''] = entry.split(/\s+/, 2);
    switch (kind.toUpperCase()) {
      case 'DIRECT':
        return ['direct'];
      case 'PROXY':
      case 'HTTP':
        return [parseProxy(`http://${address}`, source)];
      case 'HTTPS':
        return [parseProxy(`https://${address}`, source)];
      default:
        problem ??= unsupportedProxy(source, address, kind);
        return [];
    }
  });
  const [first, ...rest] = routes;
  if (first === undefined) throw problem ?? unsupportedProxy(source, '', 'nothing');
  return [first, ...rest];
}
