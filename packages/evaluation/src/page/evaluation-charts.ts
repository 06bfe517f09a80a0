import * as Plot from '@observablehq/plot';
import { guide, ink, muted, svg, universalColours } from '@pffnet/pages';
import type { Size } from '@pffnet/structures';

const { blue, vermilion, green, purple, orange, skyBlue } = universalColours;
const palette = [blue, vermilion, green, purple, orange, skyBlue];

/** One score of one image. */
export interface DistributionPoint {
  /** The score's title. */
  readonly score: string;
  /** What it is compared with side by side: a method, or a group of images. */
  readonly series: string;
  readonly value: number;
}

/** How scores spread over images (Fig. 6 of the paper): a box of quartiles, and a dot per image. */
export function distributionChart(points: readonly DistributionPoint[], size: Size): string {
  const series = [...new Set(points.map((point) => point.series))];
  const [shortest] = [...points].sort((a, b) => a.value - b.value);
  return svg({
    ...size,
    marginLeft: 42,
    marginTop: 26,
    marginBottom: 30,
    fx: { domain: [...new Set(points.map(({ score }) => score))], label: null, padding: 0.12 },
    x: { axis: null, domain: series, padding: 0.35 },
    y: { domain: [Math.min(0, shortest?.value ?? 0), 1], label: null, grid: true, ticks: 5, tickSize: 0 },
    color: { domain: series, range: palette, legend: false },
    marks: [
      Plot.boxY([...points], {
        fx: 'score',
        x: 'series',
        y: 'value',
        fill: 'series',
        fillOpacity: 0.25,
        stroke: 'series',
        r: 0, // every image has a dot of its own
      }),
      Plot.dot([...points], {
        fx: 'score',
        x: 'series',
        y: 'value',
        fill: 'series',
        r: 2.2,
        fillOpacity: 0.75,
      }),
    ],
  });
}

/** The colours of {@link distributionChart}, series by series. */
export const seriesColours = (series: readonly string[]): readonly (readonly [name: string, colour: string])[] =>
  series.map((name, index) => [name, palette[index % palette.length]]);

/** True objects whose area lies in one stretch of sizes. */
export interface SizeBin {
  /** Smallest and largest area, in pixels. */
  readonly from: number;
  readonly to: number;
  readonly found: number;
  readonly missed: number;
}

/** Which sizes of objects are found, and which are missed. */
export function sizeChart(
  bins: readonly SizeBin[],
  { found, missed }: { found: string; missed: string },
  size: Size,
): string {
  const bars = bins.flatMap((bin) => {
    const label = `${bin.from}–${bin.to}`;
    return [
      { label, part: 'found', count: bin.found },
      { label, part: 'missed', count: bin.missed },
    ];
  });
  return svg({
    ...size,
    marginLeft: 42,
    marginBottom: 58,
    x: { label: 'area in pixels', domain: bins.map(({ from, to }) => `${from}–${to}`), tickRotate: -30, tickSize: 0 },
    y: { label: null, grid: true, ticks: 5, tickSize: 0 },
    color: { domain: ['found', 'missed'], range: [found, missed] },
    marks: [
      Plot.barY(bars, { x: 'label', y: 'count', fill: 'part', stroke: ink, strokeWidth: 0.5 }),
      Plot.text(
        bins.filter(({ found: f, missed: m }) => f + m > 0),
        {
          x: (bin: SizeBin) => `${bin.from}–${bin.to}`,
          y: (bin: SizeBin) => bin.found + bin.missed,
          text: (bin: SizeBin) => `${Math.round((100 * bin.found) / (bin.found + bin.missed))} %`,
          dy: -7,
          fill: muted,
        },
      ),
    ],
  });
}

/** Objects in one image. */
export interface CountPoint {
  readonly truth: number;
  readonly predicted: number;
}

/** True against predicted numbers of objects; on the line they are equal. */
export function countChart(points: readonly CountPoint[], size: Size): string {
  const top = Math.max(1, ...points.flatMap(({ truth, predicted }) => [truth, predicted])) * 1.05;
  return svg({
    ...size,
    marginLeft: 48,
    marginBottom: 36,
    x: { domain: [0, top], label: 'true objects', ticks: 5, tickSize: 3 },
    y: { domain: [0, top], label: 'predicted', ticks: 5, tickSize: 0, grid: true },
    marks: [
      Plot.line(
        [
          [0, 0],
          [top, top],
        ],
        { stroke: guide, strokeDasharray: '4 3' },
      ),
      Plot.dot([...points], { x: 'truth', y: 'predicted', fill: palette[0], fillOpacity: 0.6, r: 3.5 }),
    ],
  });
}

/** A mean difference with its interval. */
export interface Difference {
  readonly score: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Mean differences between two methods with their intervals; one that crosses the line may be chance. */
export function differenceChart(differences: readonly Difference[], size: Size): string {
  const reach = Math.max(0.01, ...differences.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)])) * 1.1;
  return svg({
    ...size,
    marginLeft: 90,
    marginBottom: 36,
    x: { domain: [-reach, reach], label: 'difference', ticks: 7, tickSize: 3, grid: true },
    y: { domain: differences.map(({ score }) => score), label: null, tickSize: 0 },
    marks: [
      Plot.ruleX([0], { stroke: ink }),
      Plot.ruleY([...differences], { y: 'score', x1: 'low', x2: 'high', stroke: palette[0], strokeWidth: 2.5 }),
      Plot.dot([...differences], { y: 'score', x: 'mean', fill: palette[0], r: 5 }),
    ],
  });
}
