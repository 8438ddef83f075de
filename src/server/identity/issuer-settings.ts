import { z } from 'zod';
import { normalizeAddress, normalizePrincipal, principalKind } from '../../rights/index.ts';
import { isSafeUrl } from './safe-url.ts';

/** Algorithms of asymmetric signatures. `none` and those with a shared secret are not among them on purpose. */
export const tokenAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

/** One of {@link tokenAlgorithms}. */
export type TokenAlgorithm = (typeof tokenAlgorithms)[number];

const safeUrl = z.string().max(2048).refine(isSafeUrl, {
  error: 'expected an https URL without credentials or fragment (plain http only to this machine itself)',
});

/** Turns what the rights room accepts into a check and a normal form. */
const normal = (normalize: (text: string) => string, error: string) =>
  z.string().transform((text, context) => {
    try {
      return normalize(text);
    } catch {
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    }
  });

/** A mail address in normal form. */
export const addressSchema = normal(normalizeAddress, 'expected a mail address such as bob@contoso.com');

/** A mail domain in normal form. */
export const domainSchema = normal(
  (text) => principalOf(text, ['domain']),
  'expected a domain such as contoso.com',
);

const listedSchema = normal(
  (text) => principalOf(text, ['address', 'domain']),
  'expected a mail address or a domain',
);

function principalOf(text: string, kinds: readonly string[]): string {
  const principal = normalizePrincipal(text);
  if (!kinds.includes(principalKind(principal))) throw new RangeError(principal);
  return principal;
}

const claimName = z.string().min(1).max(256);
const claimValue = z.union([z.string(), z.number(), z.boolean()]);

/** One OpenID issuer whose tokens are accepted (spec/server.md, "Identity"). */
export const issuerSettingsSchema = z
  .strictObject({
    issuer: safeUrl.describe('The issuer, exactly as its tokens name it in `iss`.'),
    audience: z
      .array(z.string().min(1).max(2048))
      .min(1)
      .describe('Audiences that mean this server; never the client id people sign in with.'),
    kind: z
      .enum(['home', 'partner'])
      .default('home')
      .describe("Whose people: the organization's own, or a partner's, who may only open."),
    algorithms: z
      .array(z.enum(tokenAlgorithms))
      .min(1)
      .default(['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'])
      .describe('Signature algorithms its tokens may use.'),
    domains: z
      .array(domainSchema)
      .min(1)
      .max(1000)
      .optional()
      .describe('Mail domains this issuer may speak for. Required for partners.'),
    people: z
      .array(listedSchema)
      .min(1)
      .max(10_000)
      .optional()
      .describe('Who may: addresses, or domains for everyone there. Required for partners.'),
    requiredClaims: z
      .record(claimName, z.union([claimValue, z.array(claimValue).min(1)]))
      .default({})
      .describe('Claims a token must carry; a list means any one of its values.'),
    emailClaim: z
      .enum(['email', 'upn', 'preferred_username'])
      .default('email')
      .describe('The claim that holds the mail address.'),
    emailVerified: z
      .enum(['claim', 'issuer'])
      .default('claim')
      .describe(
        'How the address is known to be verified: a claim says true, or the issuer gives out no others.',
      ),
    emailVerifiedClaim: claimName.default('email_verified').describe('The claim that must be true.'),
    aliasesClaim: claimName
      .optional()
      .describe(
        'Further addresses of the person, as directories list them (`SMTP:` before the primary one).',
      ),
    groupsClaim: claimName
      .optional()
      .describe('Groups: mail addresses, or ids that the directory file knows.'),
    applications: z
      .record(z.string().min(1).max(256), addressSchema)
      .default({})
      .describe('Addresses under which applications act, by subject or client id.'),
    clockSkew: z.number().int().min(0).max(600).default(60).describe('Seconds by which clocks may differ.'),
    jwks: z
      .union([safeUrl, z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(100) })])
      .optional()
      .describe('The key set or where it is, if not where discovery says.'),
    clientId: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .describe('Public client with which people sign in from a command line.'),
    scope: z.string().min(1).max(1024).optional().describe('Scope a command line asks for.'),
    resource: z.string().min(1).max(2048).optional().describe('Resource a command line asks a token for.'),
    development: z.boolean().default(false).describe('Signs anyone in: told to everyone who asks.'),
  })
  .superRefine((issuer, context) => {
    const problem = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (issuer.kind === 'partner') {
      if (issuer.domains === undefined) problem('domains', 'say which mail domains a partner may speak for');
      if (issuer.people === undefined)
        problem('people', "list who of a partner's people may open; a domain lists everyone there");
    }
    if (issuer.clientId !== undefined && issuer.audience.includes(issuer.clientId))
      problem('audience', 'is not the clientId: with it, id tokens would open this server');
    if (issuer.emailClaim !== 'email' && issuer.emailVerified === 'claim')
      problem(
        'emailVerified',
        `email_verified says nothing about ${issuer.emailClaim}: write "issuer" if this issuer gives out verified names only`,
      );
    for (const [name, address] of Object.entries(issuer.applications))
      if (issuer.domains !== undefined && !issuer.domains.includes(domainOf(address)))
        problem('applications', `the address of ${name} is in none of the domains of this issuer`);
  });

/** What a configuration says of an issuer. */
export type IssuerSettings = z.input<typeof issuerSettingsSchema>;

/** {@link IssuerSettings} checked, normalized and with defaults. */
export type Issuer = z.output<typeof issuerSettingsSchema>;

/** The issuers of a server side by side: nobody may speak for another one's people. */
export const issuersSchema = z
  .array(issuerSettingsSchema)
  .min(1)
  .max(100)
  .superRefine((issuers, context) => {
    const problem = (index: number, path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [index, path], message });
    issuers.forEach((issuer, index) => {
      const earlier = issuers.slice(0, index);
      if (earlier.some((other) => other.issuer === issuer.issuer))
        problem(index, 'issuer', 'is there twice: write one entry for each issuer');
      for (const other of earlier) {
        if (issuer.kind === 'home' && other.kind === 'home') continue;
        const shared = issuer.domains?.find((domain) => other.domains?.includes(domain));
        if (shared !== undefined)
          problem(
            index,
            'domains',
            `${shared} belongs to another issuer already: one could pass for the other's people`,
          );
      }
    });
  });

/** The domain of a normalized address. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
