import { DecoratorHandler, type Dispatcher } from 'undici';
import { SealwrightError } from '../../errors.ts';

type Dispatch = Dispatcher['dispatch'];

/**
 * Says what happened where the answer itself is 407: by the rules of `fetch` that is a failure without any reason. The
 * proxies that are configured have been passed by then, so it comes from one that is not.
 */
export const nameProxyInTheWay =
  (dispatch: Dispatch): Dispatch =>
  (options, handler) =>
    dispatch(options, new Watcher(handler));

class Watcher extends DecoratorHandler {
  readonly #handler: Dispatcher.DispatchHandler;

  constructor(handler: Dispatcher.DispatchHandler) {
    super(handler);
    this.#handler = handler;
  }

  onResponseStart(...answer: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>): void {
    const [controller, status] = answer;
    if (status === 407) controller.abort(proxyInTheWay());
    else this.#handler.onResponseStart?.(...answer);
  }
}

const proxyInTheWay = (): SealwrightError =>
  new SealwrightError(
    'PROXY_FAILED',
    'A proxy that is not configured here answers in place of the service and wants a sign-in (407). Set HTTPS_PROXY to its address.',
    { reason: 'proxy-in-the-way', status: 407 },
  );
