/**
 * Which files of a folder a bulk run takes. What stands in several fields must hold for all of them; what stands in
 * one list, for one of its entries. A file that is named itself is taken whatever it is.
 */
export interface FileSelection {
  /** Extensions, with or without the dot, compared without case: `['docx', '.pdf']`. */
  readonly extensions?: readonly string[] | undefined;
  /** Patterns over the path below the folder, with `/`: `*`, `**`, `?`, `[a-z]`, `{a,b}`. Without `/`, over the name. */
  readonly include?: readonly string[] | undefined;
  /** The same; what matches is left out, folders with all that is in them. */
  readonly exclude?: readonly string[] | undefined;
  /** Bytes. */
  readonly minSize?: number | undefined;
  readonly maxSize?: number | undefined;
  /** Last modified at or after, and before. */
  readonly modifiedSince?: Date | undefined;
  readonly modifiedBefore?: Date | undefined;
  /** Owners of the file system, by user name or number. */
  readonly owners?: readonly string[] | undefined;
  /** Also what is left out by default: system folders and types (spec/bulk.md, "Left out"). */
  readonly includeExcluded?: boolean | undefined;
}
