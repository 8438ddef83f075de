import type { Random } from './random.ts';

/** What the attacker holds: tokens that are good, and a license of the server's own. */
export interface Loot {
  readonly tokens: readonly string[];
  readonly license: Uint8Array;
  readonly contentId: string;
  readonly templateId: string;
}

/** A request before anybody checked whether it can be sent. */
export interface HostileRequest {
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array | undefined;
}

const readable = ['servicediscovery', 'templates'];
const writable = [
  'enduserlicenses',
  'publishinglicenses',
  'publishinglicenses',
  'sealwright/contents',
  'sealwright/revocations',
  'sealwright/restorations',
  'clientlogs/debug',
];
const endpoints = [...readable, ...writable, 'clientlogs/performance'];
// Makes a key pair, and that takes its time.
const keyMaker = 'sealwright/clientlicensors';
const members = [
  'SerializedPublishingLicense',
  'Sealwright',
  'ContentName',
  'PreferDeprecatedAlgorithms',
  'AllowAuditedExtraction',
  'TemplateId',
  'ReferralInfo',
  'SignedApplicationData',
  'Policy',
  'Descriptors',
  'UserRights',
  'UserRoles',
  'Users',
  'Rights',
  'Roles',
  'allowOfflineAccess',
  'IntervalTimeInDays',
  'LicenseValidUntil',
  'EncryptedApplicationData',
  'CipherMode',
  'Owner',
  'ValidFrom',
  'OfflineDays',
  'Names',
  'Lcid',
  'Name',
  'Description',
  'Language',
  'ContentId',
  'User',
  '__proto__',
  'constructor',
  'toString',
];
const texts = [
  '',
  ' ',
  'a',
  'alice@contoso.com',
  'contoso.com',
  'AuthenticatedUsers',
  'VIEW',
  'OWNER',
  'Viewer',
  'MICROSOFT.CBC4K',
  'SEALWRIGHT.GCM64K',
  '2030-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '-000001-01-01T00:00:00Z',
  '{9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41}',
  'AAAA',
  'en-US',
  'https://evil.example/',
  'javascript:alert(1)',
  '\u0000',
  '\ud800',
  '\u202e',
  '\uffff',
  '<X>]]>&amp;',
  "' OR 1=1 --",
  '../../etc/passwd',
  'x'.repeat(5000),
  '%00%2e%2e%2f',
  '\u212a@contoso.com',
];
const numbers = [0, -1, 1, 0.5, 30, 9999, 10_000, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 1033];
const pathTricks = [
  '/..',
  '/%2e%2e/',
  '//',
  '/./',
  '/%00',
  '/%',
  '/%zz',
  ';a=b',
  '?',
  '??a=b',
  '?email=%',
  '?email[]=a&email=b',
  '#x',
  '\\',
  '/\u00e9',
  '?service=https://169.254.169.254/',
  `/${'a'.repeat(3000)}`,
  `?email=${'b'.repeat(9000)}`,
];
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND', 'get'];
const headerNames = [
  'accept-language',
  'x-ms-rms-request-id',
  'x-ms-rms-platform-id',
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'expect',
  'origin',
  'access-control-request-method',
  'x-forwarded-for',
  'host',
  'accept',
  'cookie',
  'range',
  'authorization',
];

/** The next request of an attacker who is signed in and knows the protocol. */
export function hostileRequest(random: Random, loot: Loot): HostileRequest {
  const kind = random.pick([
    'json',
    'json',
    'shape',
    'shape',
    'license',
    'license',
    'path',
    'header',
    'size',
  ] as const);
  const wellAddressed = kind !== 'path' && kind !== 'header';
  const endpoint = random.pick(wellAddressed ? writable : endpoints);
  const post = {
    method: 'POST',
    path: `/my/${random.pick(['v1', 'v2'])}/${random.chance(0.002) ? keyMaker : endpoint}`,
    headers: [...signedIn(random, loot), ['content-type', 'application/json'] as const],
  };
  switch (kind) {
    case 'json':
      return {
        ...post,
        kind,
        body: damaged(random, utf8(JSON.stringify(goodBody(random, loot, post.path))), 12),
      };
    case 'shape':
      return { ...post, kind, body: utf8(JSON.stringify(mixed(random, goodBody(random, loot, post.path)))) };
    case 'license': {
      const path = `/my/v2/${random.pick(['enduserlicenses', 'enduserlicenses', 'sealwright/contents'])}`;
      const bytes = random.chance(0.1) ? loot.license : damagedLicense(random, loot.license);
      const SerializedPublishingLicense = Buffer.from(bytes).toString('base64');
      return { ...post, kind, path, body: utf8(JSON.stringify({ SerializedPublishingLicense, Name: 'n' })) };
    }
    case 'path': {
      const [trick, at] = [random.pick(pathTricks), random.below(post.path.length + 1)];
      const path = random.chance(0.5)
        ? post.path + trick
        : post.path.slice(0, at) + trick + post.path.slice(at);
      const root = random.pick([
        '',
        '',
        '/admin/v1',
        '/issuer',
        '/.well-known/sealwright',
        '/metrics',
        '/openapi.json',
      ]);
      return {
        ...post,
        kind,
        method: random.pick(methods),
        path: root === '' ? path : root + trick,
        body: utf8('{}'),
      };
    }
    case 'header': {
      const count = random.chance(0.1) ? 300 : 1 + random.below(8);
      const more = Array.from({ length: count }, () => {
        const name = random.chance(0.8) ? random.pick(headerNames) : `x-${random.below(1e6)}`;
        return [name, oddHeader(random, loot)] as const;
      });
      return {
        ...post,
        kind,
        method: random.pick(['GET', 'POST', 'POST']),
        headers: [...post.headers, ...more],
        body: utf8('{}'),
      };
    }
    case 'size':
      return { ...post, kind, body: random.chance(0.03) ? huge(random) : deep(random) };
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function signedIn(random: Random, { tokens }: Loot): (readonly [string, string])[] {
  if (random.chance(0.03)) return [];
  const token = random.pick(tokens);
  const at = random.below(token.length);
  const sent = random.chance(0.05) ? `${token.slice(0, at)}A${token.slice(at + 1)}` : token;
  return [['authorization', `Bearer ${sent}`]];
}

function goodBody(random: Random, loot: Loot, path: string): Record<string, unknown> {
  if (path.endsWith('contents') || path.endsWith('enduserlicenses'))
    return {
      SerializedPublishingLicense: Buffer.from(loot.license).toString('base64'),
      Name: 'a.txt',
      Sealwright: {},
    };
  if (path.endsWith('tions')) return { ContentId: loot.contentId, User: 'bob@contoso.com' };
  if (random.chance(0.3)) return { TemplateId: loot.templateId, SignedApplicationData: { a: 'b' } };
  return {
    PreferDeprecatedAlgorithms: false,
    AllowAuditedExtraction: false,
    SignedApplicationData: { a: 'b' },
    Policy: {
      Descriptors: [{ Name: 'n', Description: 'd', Language: 'en-US' }],
      UserRights: [{ Users: ['bob@contoso.com'], Rights: ['VIEW'] }],
      allowOfflineAccess: true,
      IntervalTimeInDays: 30,
      LicenseValidUntil: '2040-01-01T00:00:00Z',
      EncryptedApplicationData: { c: 'd' },
    },
    Sealwright: {
      Names: [{ Lcid: 1033, Name: 'n', Description: 'd' }],
      OfflineDays: 3,
      CipherMode: 'MICROSOFT.CBC4K',
    },
  };
}

/** Any value, with member names of the protocol. */
function anything(random: Random, depth: number): unknown {
  switch (random.below(depth > 4 ? 5 : 7)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.pick(numbers);
    case 3:
    case 4:
      return random.pick(texts);
    case 5:
      return Array.from({ length: random.below(5) }, () => anything(random, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(6) }, () => [
          random.chance(0.8) ? random.pick(members) : random.pick(texts),
          anything(random, depth + 1),
        ]),
      );
  }
}

/** The value with some of its parts replaced, taken away, added to or repeated. */
function mixed(random: Random, value: unknown): unknown {
  if (random.chance(0.08)) return anything(random, 0);
  if (Array.isArray(value)) {
    const items = value.map((each) => mixed(random, each));
    // Long lists of small things: lists of long lists are longer than any text can be.
    const first = JSON.stringify(items[0]) ?? '';
    return first.length < 200 && random.chance(0.05)
      ? Array.from({ length: random.below(6000) }, () => items[0])
      : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(() => !random.chance(0.05))
    .map(([name, each]) => [name, mixed(random, each)] as const);
  if (random.chance(0.1)) entries.push([random.pick(members), anything(random, 1)]);
  return Object.fromEntries(entries);
}

/** Bytes changed, lost, doubled, put in or cut off, up to so many times. */
function damaged(random: Random, bytes: Uint8Array, times: number): Uint8Array {
  let out = Buffer.from(bytes);
  for (let i = 1 + random.below(times); i > 0; i--) {
    const at = random.below(out.length + 1);
    const length = random.below(32);
    switch (random.below(5)) {
      case 0:
        if (at < out.length) out[at] = random.below(256);
        break;
      case 1:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]);
        break;
      case 2:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at, at + length), out.subarray(at)]);
        break;
      case 3:
        out = Buffer.concat([out.subarray(0, at), utf8(random.pick(texts)), out.subarray(at)]);
        break;
      default:
        if (random.chance(0.2)) out = out.subarray(0, at);
    }
  }
  return out;
}

function damagedLicense(random: Random, license: Uint8Array): Uint8Array {
  if (random.chance(0.5)) return damaged(random, license, 6);
  // Elements taken apart and put together in another order stay XML more often than damaged bytes do.
  const parts = Buffer.from(license).toString('utf8').split(/(?=<)/);
  for (let i = 1 + random.below(4); i > 0; i--) {
    const [a, b] = [random.below(parts.length), random.below(parts.length)];
    if (random.chance(0.4)) [parts[a], parts[b]] = [parts[b]!, parts[a]!];
    else if (random.chance(0.5)) parts.splice(a, 1 + random.below(10));
    else parts.splice(a, 0, ...parts.slice(b, b + random.below(random.chance(0.02) ? 500 : 20)));
  }
  return utf8(parts.join(''));
}

function deep(random: Random): Uint8Array {
  const depth = 10 ** (1 + random.below(5));
  const [before, after] = random.pick([
    ['[', ']'],
    ['{"Policy":', '}'],
    ['{"Sealwright":[', ']}'],
  ] as const);
  return utf8(`${before.repeat(depth)}1${random.chance(0.5) ? after.repeat(depth) : ''}`);
}

function huge(random: Random): Uint8Array {
  const length = 1_500_000 + random.below(1_500_000);
  return utf8(
    random.pick([
      () => JSON.stringify({ SerializedPublishingLicense: 'A'.repeat(length) }),
      () =>
        `{"Policy":{"UserRights":[${'{"Users":["a@b.cc"],"Rights":["VIEW"]},'.repeat(length / 40)}null]}}`,
      () => `{${'"a":1,'.repeat(length / 6)}"b":2}`,
      () => ' '.repeat(length),
    ])(),
  );
}

const oddHeader = (random: Random, { tokens }: Loot): string =>
  random.pick([
    () => random.pick(texts).replace(/[^\x20-\x7e]/g, ''),
    () => 'de;q=0.9,en;q=x,*;q=0,'.repeat(1 + random.below(200)),
    () => `{${'1'.repeat(random.below(50))}};${'a'.repeat(random.below(200))}`,
    () => `Bearer ${random.pick(tokens)}${'.x'.repeat(random.below(5))}`,
    () => `Bearer ${'a'.repeat(random.below(20_000))}`,
    () => String(random.pick(numbers)),
    () => 'application/json;'.repeat(1 + random.below(50)),
    () => 'chunked, gzip',
  ])();
