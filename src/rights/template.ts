import type { Grant, GrantInput } from './grant.ts';
import type { LocalizedName } from './policy.ts';

/** When content protected with a template expires. */
export type ContentExpiration =
  | { readonly kind: 'never' }
  | { readonly kind: 'on'; readonly date: Date }
  | { readonly kind: 'after'; readonly days: number };

/** Archived templates still open existing content and are hidden from people who protect. */
export type TemplateState = 'published' | 'archived';

/** What a caller writes to make a {@link Template}. */
export interface TemplateInput {
  /** GUID; a random one by default. */
  readonly id?: string | undefined;
  readonly names: readonly LocalizedName[];
  readonly grants: readonly GrantInput[];
  readonly expiration?: ContentExpiration | undefined;
  readonly offlineDays?: number | undefined;
  readonly referrer?: string | undefined;
  readonly state?: TemplateState | undefined;
  /** Users, groups or domains to whom the template is offered; empty is everyone. Does not affect opening. */
  readonly scope?: readonly string[] | undefined;
}

/** A named policy kept by the authority; a change takes effect with the next use license. */
export interface Template {
  /** GUID, lower case, without braces. */
  readonly id: string;
  readonly names: readonly LocalizedName[];
  readonly grants: readonly Grant[];
  readonly expiration: ContentExpiration;
  readonly offlineDays: number;
  readonly referrer: string | undefined;
  readonly state: TemplateState;
  readonly scope: readonly string[];
  /** Time of the last change. */
  readonly updatedAt: Date;
}

/** What a person who protects gets to see of a template. */
export interface TemplateSummary {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}
