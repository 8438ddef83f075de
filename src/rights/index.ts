export type { AccessDecision, AccessQuestion, Identity, RefusalRule } from './access.ts';
export type { Grant, GrantInput, Principal } from './grant.ts';
export type { LocalizedName, Policy, PolicyInput } from './policy.ts';
export type {
  ContentExpiration,
  Template,
  TemplateInput,
  TemplateState,
  TemplateSummary,
} from './template.ts';
