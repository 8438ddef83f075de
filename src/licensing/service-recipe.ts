import type { LicensingService } from './licensing-service.ts';

/**
 * How another thread of this process opens the same licensing service for itself. Of a kind that the thread knows, with
 * data that can be sent to it. It may hold keys: it goes to threads of this process and nowhere else.
 */
export interface ServiceRecipe {
  readonly kind: string;
  readonly data: unknown;
}

/** A licensing service that a thread opened for itself. */
export interface OwnService {
  readonly service: LicensingService;
  close(): Promise<void>;
}

/** Opens a service from its recipe; `undefined` for a recipe of a kind that is not known, or not here. */
export type OpenService = (recipe: ServiceRecipe) => Promise<OwnService | undefined>;

/** By the service itself: one that is put in front of another has no recipe, or not the same. */
const recipes = new WeakMap<LicensingService, () => ServiceRecipe | undefined>();

/**
 * Says how other threads open `service`. What such a service is told and what it decides must be the same
 * through either of them at any time.
 *
 * @param recipe asked each time; `undefined` where it cannot be opened again, such as after its end
 */
export function setServiceRecipe(service: LicensingService, recipe: () => ServiceRecipe | undefined): void {
  recipes.set(service, recipe);
}

/** How other threads open `service`, if they can: else they ask it through the thread that has it. */
export const serviceRecipe = (service: LicensingService): ServiceRecipe | undefined =>
  recipes.get(service)?.();
