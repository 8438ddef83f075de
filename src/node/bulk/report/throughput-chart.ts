import { numberText } from './quantity-text.ts';

/** What is drawn: a rate over time. */
export interface ChartData {
  /** `Files per second`; in our own words, and so without markup. */
  readonly title: string;
  /** Each step from one moment to the next, in milliseconds, with its rate. */
  readonly steps: readonly { readonly from: number; readonly to: number; readonly value: number }[];
  readonly average: number;
}

const width = 460;
const height = 210;
const area = { left: 46, right: width - 8, top: 14, bottom: height - 38 };

/** A chart as SVG, without scripts and without styles of its own: its classes are in the style sheet of the page. */
export function throughputChart({ title, steps, average }: ChartData): string {
  const duration = steps.at(-1)?.to ?? 0;
  const highest = steps.reduce((most, { value }) => Math.max(most, value), average);
  const valueStep = niceStep(highest / 3);
  const top = Math.max(valueStep, Math.ceil(highest / valueStep) * valueStep);
  const time = timeAxis(duration);
  const x = (at: number) => coordinate(area.left + (at / duration) * (area.right - area.left));
  const y = (value: number) => coordinate(area.bottom - (value / top) * (area.bottom - area.top));
  const outline = steps.map(({ from, to, value }) => `${x(from)},${y(value)} ${x(to)},${y(value)}`).join(' ');
  const valueTicks = ticks(top, valueStep).map(
    (value) =>
      `<line class="grid" x1="${area.left}" x2="${area.right}" y1="${y(value)}" y2="${y(value)}"/><text x="${area.left - 7}" y="${y(value)}" dy=".32em" text-anchor="end">${valueText(value, valueStep)}</text>`,
  );
  const timeTicks = ticks(duration / time.unit, time.step).map((value) => {
    const at = x(value * time.unit);
    return `<line class="tick" x1="${at}" x2="${at}" y1="${area.bottom}" y2="${area.bottom + 4}"/><text x="${at}" y="${area.bottom + 17}" text-anchor="middle">${valueText(value, time.step)}</text>`;
  });
  const averageLine = `<line class="average" x1="${area.left}" x2="${area.right}" y1="${y(average)}" y2="${y(average)}"/>`;
  return `<figure><figcaption>${title} <span>average ${valueText(average, average >= 10 ? 1 : 0.1)}</span></figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title} over time; ${valueText(average, average >= 10 ? 1 : 0.1)} on average, ${valueText(highest, highest >= 10 ? 1 : 0.1)} at most">
${valueTicks.join('\n')}
<polygon class="area" points="${x(0)},${y(0)} ${outline} ${x(duration)},${y(0)}"/>
<polyline class="line" points="${outline}"/>
${averageLine}
<line class="axis" x1="${area.left}" x2="${area.right}" y1="${area.bottom}" y2="${area.bottom}"/>
${timeTicks.join('\n')}
<text class="unit" x="${(area.left + area.right) / 2}" y="${height - 4}" text-anchor="middle">${time.name} since the start</text>
</svg></figure>`;
}

interface TimeAxis {
  /** Milliseconds. */
  readonly unit: number;
  readonly name: string;
  readonly step: number;
}

function timeAxis(duration: number): TimeAxis {
  const [unit, name] =
    duration < 120_000
      ? ([1000, 'seconds'] as const)
      : duration < 7_200_000
        ? ([60_000, 'minutes'] as const)
        : duration < 172_800_000
          ? ([3_600_000, 'hours'] as const)
          : ([86_400_000, 'days'] as const);
  return { unit, name, step: niceStep(duration / unit / 6) };
}

/** The next of 1, 2, 5, 10, … that is not below. */
export function niceStep(atLeast: number): number {
  if (!(atLeast > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const factor = [1, 2, 5, 10].find((each) => each * power >= atLeast * 0.999) ?? 10;
  return factor * power;
}

function ticks(end: number, step: number): number[] {
  const count = Math.floor(end / step + 0.001);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

function valueText(value: number, step: number): string {
  const digits = step >= 1 ? 0 : Math.min(3, Math.ceil(-Math.log10(step)));
  return digits === 0 ? numberText(value) : value.toFixed(digits);
}

const coordinate = (value: number): number => Math.round(value * 10) / 10;
