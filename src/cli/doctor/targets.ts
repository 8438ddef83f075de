import type { CloudName } from '../../licensing/index.ts';
import { cloudEndpoints } from './endpoint-table.ts';
import type { DoctorTarget } from './finding.ts';

/** What there is to examine: a service one uses, what a cloud needs, or both. Nothing is examined twice. */
export function doctorTargets(
  service: URL | undefined,
  cloud: CloudName | undefined,
  { all = false } = {},
): readonly DoctorTarget[] {
  const own: DoctorTarget[] =
    service === undefined
      ? []
      : [{ url: service, purpose: 'licensing service', need: 'required', entry: true, own: true }];
  const clouds = cloudEndpoints
    .filter((endpoint) => endpoint.cloud === cloud)
    .filter(({ need }) => all || need === 'required' || need === 'recommended')
    .flatMap(({ host, purpose, need, entry }): DoctorTarget[] =>
      host === undefined
        ? []
        : [{ url: new URL(`https://${host}`), purpose, need, entry: entry === true, own: false }],
    );
  return [...own, ...clouds.filter(({ url }) => url.origin !== service?.origin)];
}
