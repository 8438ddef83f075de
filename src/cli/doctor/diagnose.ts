import type { Socket } from 'node:net';
import { openNetwork } from '../../node/network/index.ts';
import { checkAnswer } from './answer-check.ts';
import { checkCertificate } from './certificate-check.ts';
import { checkChallenge } from './challenge-check.ts';
import { checkClock } from './clock-check.ts';
import { checkConnection, connectTo } from './connection-check.ts';
import type { DiagnoseOptions, Examination } from './examination.ts';
import { type DoctorTarget, type Finding, finding } from './finding.ts';
import { checkName } from './name-check.ts';
import { checkPath } from './path-check.ts';
import { checkService, checkToken } from './service-check.ts';
import { checkTls } from './tls-check.ts';
import type { Check } from './verdicts.ts';

/**
 * Examines services step by step and says what it finds (spec/doctor.md). Nothing here sends a token by itself; where
 * somebody is signed in, the last steps use the licensing client as every other command does, with its rules of trust.
 */
export async function* diagnose(options: DiagnoseOptions): AsyncGenerator<Finding> {
  const { timeout = 10_000, signal } = options;
  const network = openNetwork({ connectTimeout: timeout, ...options.network });
  try {
    for (const target of options.targets) {
      const { url } = target;
      const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
      yield* examine({
        target,
        network,
        options,
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port,
        place: `${url.hostname}:${port}`,
        timeout,
        now: options.now ?? (() => new Date()),
        limit: () =>
          AbortSignal.any([AbortSignal.timeout(timeout), ...(signal === undefined ? [] : [signal])]),
      });
    }
  } finally {
    await network.fetch.close();
  }
}

/** The checks of one target; what comes after a failure is named as not tried. */
async function* examine(examination: Examination): AsyncGenerator<Finding> {
  const { target } = examination;
  const socket = yield* reach(examination);
  if (socket === undefined) return;
  if (target.url.protocol === 'https:') {
    if (!(yield* encrypt(examination, socket))) return;
  } else {
    socket.destroy();
    const plain = { tried: 'look at the address', seen: 'http://, without encryption' };
    yield finding(target, 'tls-absent', plain);
  }
  if (target.entry) yield* talk(examination);
}

/** Path, name, connection: up to an open port. */
async function* reach(examination: Examination): AsyncGenerator<Finding, Socket | undefined> {
  const { target, place } = examination;
  const path = await checkPath(examination);
  yield path.finding;
  if (path.passage === undefined) {
    yield* notTried(target, ['name', 'connection', ...encrypted, ...spoken]);
    return undefined;
  }
  if (path.passage.socket !== undefined) {
    const tried = `leave ${place} to the proxy`;
    yield finding(target, 'name-left-to-proxy', { tried, seen: 'the proxy knows the host' });
    yield finding(target, 'connection-through-proxy', { tried, seen: 'the proxy is connected' });
    return path.passage.socket;
  }
  const name = await checkName(examination);
  yield name.finding;
  if (name.addresses.length === 0) {
    yield* notTried(target, ['connection', ...encrypted, ...spoken]);
    return undefined;
  }
  const connection = await checkConnection(examination, name.addresses);
  yield connection.finding;
  if (connection.socket === undefined) yield* notTried(target, [...encrypted, ...spoken]);
  return connection.socket;
}

/** TLS and certificate; whether requests make sense after that. */
async function* encrypt(examination: Examination, socket: Socket): AsyncGenerator<Finding, boolean> {
  const { target, network, limit, port } = examination;
  const address = socket.remoteAddress ?? examination.hostname;
  const again = async (): Promise<Socket> => {
    const passage = await network.findPassage(target.url, { signal: limit() });
    return passage.socket ?? connectTo(address, port, limit());
  };
  const tls = await checkTls(examination, socket, again);
  yield tls.finding;
  if (tls.tls === undefined) {
    yield* notTried(target, ['certificate', ...spoken]);
    return false;
  }
  const certificate = checkCertificate(examination, tls.tls);
  yield certificate;
  if (certificate.verdict === 'certificate-trusted') return true;
  yield* notTried(target, spoken);
  return false;
}

/** From the first answer to a license. */
async function* talk(examination: Examination): AsyncGenerator<Finding> {
  const { target, options } = examination;
  const answer = await checkAnswer(examination);
  yield answer.finding;
  const { answered } = answer;
  // What answers in place of the service has a clock of its own.
  const genuine = answer.finding.verdict !== 'captive-portal' && answered !== undefined;
  const asksWho = answer.finding.verdict === 'answer-asks-who' && answered !== undefined;
  const signIn = asksWho ? checkChallenge(examination, answered) : undefined;
  if (signIn === undefined) yield* notTried(target, ['challenge']);
  else yield signIn.finding;
  if (genuine) yield checkClock(examination, answered);
  else yield* notTried(target, ['clock']);
  if (signIn?.challenge === undefined) {
    yield* notTried(target, signedIn);
    return;
  }
  if (options.tokens === undefined || !target.own) {
    for (const check of signedIn) yield finding(target, 'not-signed-in', notLooked, check);
    return;
  }
  const token = await checkToken(examination, signIn.challenge, options.tokens);
  yield token;
  if (token.state === 'ok') yield* checkService(examination, options.tokens);
  else yield* notTried(target, ['discovery', 'license']);
}

const signedIn: readonly Check[] = ['token', 'discovery', 'license'];
const spoken: readonly Check[] = ['answer', 'challenge', 'clock', ...signedIn];
const encrypted: readonly Check[] = ['tls', 'certificate'];
const notLooked = { tried: 'nothing', seen: '' };

function* notTried(target: DoctorTarget, checks: readonly Check[]): Generator<Finding> {
  for (const check of checks) {
    if (target.url.protocol === 'http:' && encrypted.includes(check)) continue;
    // What is not the entry is only connected to.
    if (!target.entry && spoken.includes(check)) continue;
    yield finding(target, 'not-tried', notLooked, check);
  }
}
