import { spawn } from 'node:child_process';

/** Opens a URL in the person's browser; resolves to whether there was a program to ask. */
export function openBrowser(url: string): Promise<boolean> {
  // The URL is an argument of its own, never part of a command line that a shell reads.
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  return new Promise((resolve) => {
    const child = spawn(program as string, args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
