import { type ContentExpiration, resolveName, type Template, usEnglish } from '../rights/index.ts';
import { columns } from './columns.ts';
import { printable } from './printable.ts';
import { timeText } from './quantity.ts';
import type { Terminal } from './terminal.ts';

/** A template as `--json` shows it (spec/cli.md, "templates"). */
export function templateJson(template: Template): Readonly<Record<string, unknown>> {
  const { name, description } = templateName(template);
  return {
    id: template.id,
    name,
    description,
    names: template.names,
    state: template.state,
    grants: template.grants,
    expiration: template.expiration,
    offlineDays: template.offlineDays,
    referrer: template.referrer ?? null,
    scope: template.scope,
    updatedAt: template.updatedAt,
  };
}

/** A template for a person, one fact a line. */
export function templateLines(template: Template, out: Terminal): string[] {
  const { name, description } = templateName(template);
  const rows: [string, string][] = [
    ['id', template.id],
    ['state', template.state],
    ...(description === '' ? [] : [['says', printable(description)] as [string, string]]),
    ...template.grants.map((grant, index): [string, string] => [
      index === 0 ? 'grants' : '',
      grantText(grant),
    ]),
    ['expires', expirationText(template.expiration)],
    ['offline', offlineText(template.offlineDays)],
    ...(template.referrer === undefined ? [] : [['ask', printable(template.referrer)] as [string, string]]),
    ['offered to', template.scope.length === 0 ? 'everyone' : template.scope.map(printable).join(', ')],
    ['changed', timeText(template.updatedAt)],
  ];
  return [
    out.bold(printable(name)),
    ...columns(
      rows.map(([label, value]) => [out.dim(label), value]),
      '  ',
    ),
  ];
}

/** Name and description in US English, or in the first language there is. */
export function templateName(template: Template): { readonly name: string; readonly description: string } {
  const found = resolveName(template.names, usEnglish);
  return { name: found?.name ?? template.id, description: found?.description ?? '' };
}

/** One grant for a person. */
export function grantText(grant: { readonly to: string; readonly rights: readonly string[] }): string {
  return `${printable(grant.to)}  ${grant.rights.map(printable).join(', ')}`;
}

function expirationText(expiration: ContentExpiration): string {
  switch (expiration.kind) {
    case 'never':
      return 'never';
    case 'on':
      return timeText(expiration.date);
    case 'after':
      return `${expiration.days} days after protecting`;
  }
}

/** An offline interval for a person. */
export function offlineText(days: number): string {
  if (days < 0) return 'opens offline any time';
  return days === 0 ? 'never opens offline' : `opens offline for ${days} days`;
}
