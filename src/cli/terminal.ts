/** How text looks on one output: with styles on a terminal, without them anywhere else. */
export interface Terminal {
  readonly interactive: boolean;
  readonly columns: number;
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/** The terminal behind an output. `NO_COLOR` (any value) and `TERM=dumb` switch styles off. */
export function terminalFor(
  output: { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined },
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const interactive = output.isTTY === true;
  const styled = interactive && !env.NO_COLOR && env.TERM !== 'dumb';
  const style = (open: number, close: number) => (text: string) =>
    styled && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    interactive,
    columns: output.columns ?? 100,
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    green: style(32, 39),
    yellow: style(33, 39),
    cyan: style(36, 39),
  };
}
