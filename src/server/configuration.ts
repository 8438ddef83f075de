import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { SealwrightError } from '../errors.ts';
import { administratorsSchema } from './administration/index.ts';
import { issuersSchema } from './identity/index.ts';

const path = z.string().min(1).max(4096);
const port = z.int().min(0).max(65_535);
const host = z.string().min(1).max(253);
const rate = z.strictObject({
  perSecond: z.number().positive().max(1e9).describe('Requests a second over time.'),
  burst: z.number().min(1).max(1e9).describe('Requests at once.'),
});
const milliseconds = z.int().min(10).max(3_600_000);

/** The configuration file of a server (spec/server.md, "Configuration"). Paths are relative to the file. */
export const serverConfigurationSchema = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).describe('The origin clients reach the server under.'),
    listen: z
      .strictObject({ host: host.default('127.0.0.1'), port: port.default(8443) })
      .default({ host: '127.0.0.1', port: 8443 })
      .describe('Where to listen.'),
    authority: path.describe('The folder of the authority.'),
    passphraseFile: path
      .optional()
      .describe('A file with the passphrase of the authority, for its owner only.'),
    tls: z
      .strictObject({ certificate: path, key: path, passphraseFile: path.optional() })
      .optional()
      .describe('PEM files, read again when they change.'),
    trustedProxies: z
      .array(z.string().max(64))
      .max(64)
      .default([])
      .describe('Addresses and networks of proxies in front.'),
    issuers: issuersSchema.describe('Whose tokens are accepted; the first is the one people are sent to.'),
    directory: path.optional().describe('A file with people and groups.'),
    administrators: administratorsSchema.default({}).describe('Who administers, by mail address.'),
    administratorsFile: path.optional().describe('A file in which administrators appoint others.'),
    auditLog: path.optional().describe('A file to which what administrators do is appended.'),
    limits: z
      .strictObject({
        bodyBytes: z
          .int()
          .min(1024)
          .max(64 * 1024 * 1024)
          .optional(),
        concurrent: z.int().min(1).max(100_000).optional(),
        requestTime: milliseconds.optional(),
        perCaller: rate.optional(),
        perAddress: rate.optional(),
        connections: z.int().min(1).max(1_000_000).optional(),
        headersTimeout: milliseconds.optional(),
        requestTimeout: milliseconds.optional(),
      })
      .default({}),
    origins: z
      .array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin))
      .max(64)
      .default([])
      .describe('Web origins whose pages may use the server.'),
    metrics: z
      .union([
        z.enum(['loopback', 'everyone', 'off']),
        z.strictObject({ host: host.default('127.0.0.1'), port }),
      ])
      .default('loopback')
      .describe('Who may read /metrics, or a listener of its own for them.'),
    personalData: z
      .boolean()
      .default(false)
      .describe('Whether the log names callers by mail address and network address.'),
  })
  .superRefine(({ url, tls, trustedProxies }, context) => {
    // Every client would come from the address of the proxy: one rate for all, and metrics for everybody.
    if (url.startsWith('https:') && tls === undefined && trustedProxies.length === 0)
      context.addIssue({
        code: 'custom',
        path: ['trustedProxies'],
        message:
          'https without tls means a proxy in front: name its address, such as "127.0.0.1", or give tls',
      });
  });

/** What a configuration file may say. */
export type ServerConfigurationInput = z.input<typeof serverConfigurationSchema>;

/** A configuration: checked, with defaults, and with absolute paths. */
export type ServerConfiguration = z.output<typeof serverConfigurationSchema>;

const mostProblems = 5;

/**
 * Checks a configuration.
 *
 * @param folder - what its relative paths are relative to
 * @param name - of the file, for messages
 * @throws `INVALID_ARGUMENT` with what is wrong, and where
 */
export function checkServerConfiguration(
  value: unknown,
  folder: string,
  name = 'the server',
): ServerConfiguration {
  const result = serverConfigurationSchema.safeParse(value);
  if (!result.success) {
    const problems = result.error.issues.map(problemText);
    const shown = problems.slice(0, mostProblems);
    if (problems.length > shown.length) shown.push(`and ${problems.length - shown.length} more`);
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `The configuration of ${name} cannot be used: ${shown.join('; ')}.`,
      { path: name, field: z.core.toDotPath(result.error.issues[0]?.path ?? []) },
    );
  }
  const { data } = result;
  const absolute = (each: string) => resolve(folder, each);
  return {
    ...data,
    authority: absolute(data.authority),
    passphraseFile: data.passphraseFile && absolute(data.passphraseFile),
    directory: data.directory && absolute(data.directory),
    administratorsFile: data.administratorsFile && absolute(data.administratorsFile),
    auditLog: data.auditLog && absolute(data.auditLog),
    tls: data.tls && {
      certificate: absolute(data.tls.certificate),
      key: absolute(data.tls.key),
      passphraseFile: data.tls.passphraseFile && absolute(data.tls.passphraseFile),
    },
  };
}

/** What is wrong with one field, in the words of somebody who writes the file. */
function problemText({ path, message, ...issue }: z.core.$ZodIssue): string {
  const field = z.core.toDotPath(path);
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => z.core.toDotPath([...path, key]));
    return `there is no setting ${names.join(', ')}`;
  }
  if (issue.code === 'invalid_type' && message.endsWith('received undefined')) return `${field} is missing`;
  const said = message.replace(/^Invalid input: /, '').replace(/\.$/, '');
  return field === '' ? said : `${field}: ${said}`;
}

/**
 * Reads a configuration file.
 *
 * @throws `FILE_NOT_FOUND`; `INVALID_ARGUMENT` with what is wrong, and where
 * @example
 * ```ts
 * const configuration = await readServerConfiguration('/etc/sealwright/server.json');
 * ```
 */
export async function readServerConfiguration(file: string): Promise<ServerConfiguration> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new SealwrightError(
      'FILE_NOT_FOUND',
      `The configuration ${file} cannot be read: check the path and who may read it.`,
      { path: file, cause },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SealwrightError('INVALID_ARGUMENT', `The configuration ${file} is not JSON.`, { path: file });
  }
  return checkServerConfiguration(value, dirname(resolve(file)), file);
}
