import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { chartColours } from './colours.ts';

/** One point of a curve. */
export interface CurvePoint {
  readonly step: number;
  readonly value: number;
}

/** A curve that says its name at its last point. */
export interface NamedPoint extends CurvePoint {
  readonly name: string;
}

const [colour] = chartColours;

/** Draws one quantity over training steps as SVG: every step faintly, the trend over it. */
export function trendChart(points: readonly CurvePoint[], size: { width: number; height: number }): string {
  const trend = smooth(points, Math.max(1, Math.round(points.length / 25)));
  // Single steps may jump far above the trend: the axis follows the trend.
  const top = Math.max(0, ...trend.map(({ value }) => value)) * 1.15;
  return svg({
    ...size,
    marginLeft: 42,
    marginTop: 10,
    x: { label: null, ticks: 4, tickSize: 3, domain: [0, Math.max(1, ...points.map(({ step }) => step))] },
    y: { label: null, domain: [0, top > 0 ? top : 1], ticks: 4, tickSize: 0, grid: true },
    marks: [
      Plot.lineY([...points], {
        x: 'step',
        y: 'value',
        stroke: colour,
        strokeOpacity: 0.25,
        strokeWidth: 1,
        clip: true,
      }),
      Plot.lineY(trend, { x: 'step', y: 'value', stroke: colour, strokeWidth: 2, clip: true }),
    ],
  });
}

/** Draws scores between 0 and 1 over training steps as SVG, one named curve each. */
export function scoreChart(points: readonly NamedPoint[], size: { width: number; height: number }): string {
  const data = [...points];
  return svg({
    ...size,
    marginLeft: 42,
    marginTop: 10,
    marginRight: 44,
    x: { label: null, ticks: 4, tickSize: 3, domain: [0, Math.max(1, ...points.map(({ step }) => step))] },
    y: { label: null, domain: [0, 1], ticks: 5, tickSize: 0, grid: true },
    color: { range: chartColours.slice(0, 4) },
    marks: [
      Plot.lineY(data, { x: 'step', y: 'value', z: 'name', stroke: 'name', strokeWidth: 2 }),
      Plot.dot(data, { x: 'step', y: 'value', fill: 'name', r: 3 }),
      // Curves that end at the same height must not hide each other's names.
      ...lastPoints(points).map((point, rank) =>
        Plot.text([point], {
          x: 'step',
          y: 'value',
          text: 'name',
          fill: 'name',
          textAnchor: 'start',
          dx: 8,
          dy: rank * 6 - 3,
        }),
      ),
    ],
  });
}

/** Where each curve ends, the highest first. */
function lastPoints(points: readonly NamedPoint[]): NamedPoint[] {
  return [...new Map(points.map((point) => [point.name, point])).values()].sort((a, b) => b.value - a.value);
}

/** Draws a plot as SVG that stands alone. */
export function svg(options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const figure = Plot.plot({ ...options, document });
  figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return figure.outerHTML;
}

/** Averages a curve over windows of steps, so that single images do not hide the trend. */
export function smooth(points: readonly CurvePoint[], window: number): CurvePoint[] {
  const means: CurvePoint[] = [];
  for (let from = 0; from < points.length; from += window) {
    const part = points.slice(from, from + window);
    const mean = (key: 'step' | 'value'): number => part.reduce((sum, point) => sum + point[key], 0) / part.length;
    means.push({ step: mean('step'), value: mean('value') });
  }
  return means;
}
