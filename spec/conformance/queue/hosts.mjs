// Hosts of their own for workers: network namespaces behind one bridge. Needs root and `ip`.
import { execFileSync } from 'node:child_process';

const prefix = 'swq';
export const network = '10.213.77.0/24';
export const serverAddress = '10.213.77.1';

const ip = (...args) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });

/** Makes hosts; `undefined` where that is not possible. */
export function makeHosts(count) {
  try {
    removeHosts(count);
    ip('link', 'add', `${prefix}0`, 'type', 'bridge');
    ip('addr', 'add', `${serverAddress}/24`, 'dev', `${prefix}0`);
    ip('link', 'set', `${prefix}0`, 'up');
    return Array.from({ length: count }, (_, index) => {
      const name = `${prefix}${index + 1}`;
      ip('netns', 'add', name);
      ip('link', 'add', `${name}a`, 'type', 'veth', 'peer', 'name', `${name}b`);
      ip('link', 'set', `${name}a`, 'master', `${prefix}0`, 'up');
      ip('link', 'set', `${name}b`, 'netns', name);
      ip('-n', name, 'addr', 'add', `10.213.77.${index + 2}/24`, 'dev', `${name}b`);
      ip('-n', name, 'link', 'set', `${name}b`, 'up');
      ip('-n', name, 'link', 'set', 'lo', 'up');
      return name;
    });
  } catch (error) {
    removeHosts(count);
    console.log(
      `No network namespaces here (${
        String(error.stderr ?? error.message)
          .trim()
          .split('\n')[0]
      }): workers share this host.`,
    );
    return undefined;
  }
}

export function removeHosts(count) {
  for (let index = 1; index <= count; index++) quietly('netns', 'del', `${prefix}${index}`);
  quietly('link', 'del', `${prefix}0`);
}

function quietly(...args) {
  try {
    ip(...args);
  } catch {
    // It was not there.
  }
}
