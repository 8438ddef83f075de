/** A person as a directory knows them; addresses are normalized. */
export interface DirectoryPerson {
  readonly email: string;
  readonly aliases: readonly string[];
}

/** One reading of a directory. */
export interface Directory {
  /** The person with this address, alias or sign-in name. */
  person(name: string): DirectoryPerson | undefined;
  /**
   * Addresses of all groups that any of these addresses belongs to, through other groups too. A person is found under
   * their primary address and those that a group writes; not under others, for which somebody else may vouch.
   */
  groupsOf(addresses: Iterable<string>): ReadonlySet<string>;
  /** The address of a group by the id that tokens carry. */
  groupById(id: string): string | undefined;
}

/** A directory that may change: whoever keeps what it said compares with `current()`. */
export interface DirectorySource {
  current(): Directory;
  /** What to wait for before `current()` may be relied on; `undefined` if nothing. Never rejects. */
  settle?(): Promise<void> | undefined;
}
