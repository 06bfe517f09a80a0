import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** One point of a curve. */
export interface CurvePoint {
  readonly step: number;
  readonly value: number;
  readonly name: string;
}

/** Draws curves over training steps as a standalone SVG. */
export function curves(
  points: readonly CurvePoint[],
  { label, zero = true }: { label: string; zero?: boolean },
): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const data = [...points];
  const figure = Plot.plot({
    document,
    width: 760,
    height: 300,
    marginRight: 110,
    grid: true,
    x: { label: 'step' },
    y: { label, zero },
    marks: [
      Plot.lineY(data, { x: 'step', y: 'value', stroke: 'name' }),
      Plot.text(
        data,
        Plot.selectLast({ x: 'step', y: 'value', z: 'name', text: 'name', fill: 'name', textAnchor: 'start', dx: 5 }),
      ),
    ],
  });
  figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return figure.outerHTML;
}

/** Averages each curve over windows of steps, so that single images do not hide the trend. */
export function smooth(points: readonly CurvePoint[], window: number): CurvePoint[] {
  const sums = new Map<string, { name: string; step: number; total: number; count: number }>();
  for (const { step, value, name } of points) {
    const bin = Math.ceil(step / window) * window;
    const key = `${name}/${bin}`;
    const sum = sums.get(key) ?? { name, step: bin, total: 0, count: 0 };
    sums.set(key, { ...sum, total: sum.total + value, count: sum.count + 1 });
  }
  return [...sums.values()].map(({ name, step, total, count }) => ({ name, step, value: total / count }));
}
