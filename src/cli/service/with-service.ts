import type { LicensingService } from '../../licensing/index.ts';
import { personOf, serviceOf, withAuthority } from '../authority-options.ts';
import type { Session } from '../session.ts';
import type { ServiceOptions } from './service-options.ts';
import { type ServicePlace, servicePlace } from './service-place.ts';

/** The licensing service a command works with. */
export interface ServiceInUse {
  readonly service: LicensingService;
  /** The folder of the authority, whose own files no command touches. */
  readonly keepOut?: string | undefined;
}

/** Who and where, checked before anything is unlocked or asked. */
export async function checkedPlace(session: Session, options: ServiceOptions): Promise<ServicePlace> {
  const place = await servicePlace(session, options);
  if (place.kind === 'authority') personOf(session, { ...options, ...asWhom(place) });
  return place;
}

/** Opens the licensing service for the time of `work`. */
export async function withService<T>(
  session: Session,
  options: ServiceOptions,
  work: (inUse: ServiceInUse) => Promise<T>,
): Promise<T> {
  const place = await checkedPlace(session, options);
  if (place.kind === 'authority') {
    const local = { ...options, ...asWhom(place), authority: place.folder };
    return withAuthority(session, local, (authority) =>
      work({ service: serviceOf(session, authority, local), keepOut: place.folder }),
    );
  }
  // What it takes to reach a network is loaded by nobody who has an authority.
  const { openRemoteService } = await import('./remote-service.ts');
  const remote = await openRemoteService(session, place, options);
  try {
    return await work({ service: remote.service });
  } finally {
    await remote.close();
  }
}

const asWhom = ({ user }: ServicePlace): { readonly as?: string } => (user === undefined ? {} : { as: user });
