/**
 * To whom a grant applies, in the spelling of the documentation:
 * `bob@contoso.com` (a user or a group), `contoso.com` (everyone of a domain),
 * `AuthenticatedUsers` (anyone who signed in), `IPC_USER_ID_OWNER` (whoever owns the content).
 */
export type Principal = string;

/** What a caller writes to make a {@link Grant}. */
export interface GrantInput {
  readonly to: Principal;
  /** Right names, or one permission level (`Viewer`, `Reviewer`, `Co-Author`, `Co-Owner` and their newer names). */
  readonly rights: readonly string[] | string;
}

/** Rights given to one principal; addresses in lower case, rights in upper case, levels expanded. */
export interface Grant {
  readonly to: Principal;
  readonly rights: readonly string[];
}
