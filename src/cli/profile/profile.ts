/** What a person set up once and does not want to type again. */
export interface Profile {
  /** Root of a licensing service: `https://rms.contoso.com`. */
  readonly service?: string | undefined;
  /** Folder of an authority of one's own, instead of a service. */
  readonly authority?: string | undefined;
  /** Mail address of who acts. */
  readonly user?: string | undefined;
  /** Who issues tokens for the service. */
  readonly issuer?: string | undefined;
  /** The public client people sign in with. */
  readonly clientId?: string | undefined;
  readonly scope?: string | undefined;
  readonly resource?: string | undefined;
  /** Further hosts that a token may go to. */
  readonly trust?: readonly string[] | undefined;
  readonly proxy?: string | undefined;
  /** URL or file of a proxy configuration script. */
  readonly pac?: string | undefined;
  /** File with further certificate authorities, PEM. */
  readonly ca?: string | undefined;
  /** SHA-256 of the service's licensor key, pinned when the profile was made. */
  readonly keySha256?: string | undefined;
}

/** All profiles of a person. */
export interface Profiles {
  /** The profile that is used when none is named. */
  readonly current: string | undefined;
  readonly profiles: Readonly<Record<string, Profile>>;
}

/** Texts of a profile; `trust` is the one list. */
export const profileTexts = [
  'service',
  'authority',
  'user',
  'issuer',
  'clientId',
  'scope',
  'resource',
  'proxy',
  'pac',
  'ca',
  'keySha256',
] as const satisfies readonly (keyof Profile)[];

/** A profile as it may be printed: without the user name and password of its proxy. */
export const shownProfile = (profile: Profile): Profile =>
  profile.proxy === undefined
    ? profile
    : { ...profile, proxy: profile.proxy.replace(/^(.*:\/\/)?.*@/, '$1') };
