import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { SealwrightError } from '../../errors.ts';
import { writeWholeFile } from '../../node/index.ts';
import type { Session } from '../session.ts';
import { usageError } from '../usage-error.ts';
import { type Profile, type Profiles, profileTexts } from './profile.ts';

type Environment = Session['env'];

/** The folder with profiles and tokens: `SEALWRIGHT_HOME`, or where this system keeps such things. */
export function configFolder(env: Environment): string {
  if (env.SEALWRIGHT_HOME) return env.SEALWRIGHT_HOME;
  const base = env.XDG_CONFIG_HOME || env.APPDATA || join(env.HOME || homedir(), '.config');
  return join(base, 'sealwright');
}

const configPath = (env: Environment): string => join(configFolder(env), 'config.json');

/** The folder of kept licenses. */
export const licenseFolder = (env: Environment): string => join(configFolder(env), 'licenses');

/** The file with the tokens of one profile. */
export const tokenPath = (env: Environment, profile: string): string =>
  join(configFolder(env), 'tokens', `${encodeURIComponent(profile)}.json`);

/** Reads the profiles; none where there is no file yet. Throws `INVALID_ARGUMENT` for a file that makes no sense. */
export async function readProfiles(env: Environment): Promise<Profiles> {
  const path = configPath(env);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { current: undefined, profiles: {} };
    throw new SealwrightError('IO_FAILED', `${path} cannot be read: check who may read it.`, {
      path,
      cause: error,
    });
  }
  const profiles = parseProfiles(text);
  if (profiles === undefined) {
    throw usageError(
      `${path} is damaged: it should be JSON such as {"current":"work","profiles":{"work":{"service":"https://rms.contoso.com"}}}. Correct it, or delete it and sign in again.`,
    );
  }
  return profiles;
}

/** Writes the profiles, whole or not at all. */
export async function writeProfiles(env: Environment, profiles: Profiles): Promise<void> {
  const path = configPath(env);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const bytes = new TextEncoder().encode(`${JSON.stringify(profiles, null, 2)}\n`);
  await writeWholeFile(path, [bytes], { overwrite: true });
}

function parseProfiles(text: string): Profiles | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || !isRecord(value.profiles)) return undefined;
    if (value.current !== undefined && typeof value.current !== 'string') return undefined;
    const entries = Object.entries(value.profiles).map(
      ([name, profile]) => [name, readProfile(profile)] as const,
    );
    if (entries.some(([, profile]) => profile === undefined)) return undefined;
    return {
      current: value.current,
      profiles: Object.fromEntries(entries) as Readonly<Record<string, Profile>>,
    };
  } catch {
    return undefined;
  }
}

function readProfile(value: unknown): Profile | undefined {
  if (!isRecord(value)) return undefined;
  const { trust } = value;
  if (trust !== undefined && !(Array.isArray(trust) && trust.every((host) => typeof host === 'string')))
    return undefined;
  const texts = profileTexts.map((name) => [name, value[name]] as const);
  if (texts.some(([, text]) => text !== undefined && typeof text !== 'string')) return undefined;
  return { ...Object.fromEntries(texts), ...(trust !== undefined && { trust }) };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
