import type { ApplicationFacts } from './exchange.ts';

/** The generation of clients whose protocol this one speaks; services look at it. */
const sdkVersion = '4.3';

/** A value as the list can hold it: no separators, ASCII only, not long. */
const sanitized = (value: string | undefined): string =>
  (value ?? '')
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]|[;="\\]/g, '')
    .trim()
    .slice(0, 64);

/** What the runtime tells about the system, as the protocol spells it; nothing where it does not. */
function runtimePlatform(): string | undefined {
  const platform = globalThis.navigator?.platform ?? '';
  if (/^win/i.test(platform)) return 'Windows';
  if (/^(mac|darwin)/i.test(platform)) return 'Mac';
  if (/^(iphone|ipad|ipod)/i.test(platform)) return 'iOS';
  if (/android/i.test(globalThis.navigator?.userAgent ?? '')) return 'Android';
  return /^linux/i.test(platform) ? 'Linux' : undefined;
}

/** The value of `x-ms-rms-platform-id` (spec/rest.md, "Headers"). */
export function platformId(application: ApplicationFacts = {}): string {
  const facts = [
    ['AppName', sanitized(application.name) || 'Sealwright'],
    ['AppVersion', sanitized(application.version)],
    ['DevicePlatform', sanitized(application.platform) || runtimePlatform() || ''],
    ['OSVersion', sanitized(application.platformVersion)],
    ['SDKVersion', sdkVersion],
  ] as const;
  return facts.map(([name, value]) => (value === '' ? '' : `${name}=${value};`)).join('');
}
