import * as Plot from '@observablehq/plot';
import type { DatasetSurvey, SurveySummary } from '@pffnet/datasets';
import { svg } from '../charts.ts';
import { chartColours, ink, redChannel, strongBorder } from '../colours.ts';

const [colour, , green] = chartColours;
const width = 480;
const height = 230;

/** Half an image is no tick. */
const whole = (value: number): string => (Number.isInteger(value) ? String(value) : '');

/** Sizes of the objects' boxes as a histogram over a logarithmic axis. */
export function sizeChart({ images }: DatasetSurvey): string {
  const sizes = images.flatMap(({ objects }) =>
    objects.map(({ box: [y1, x1, y2, x2] }) => Math.sqrt((y2 - y1) * (x2 - x1))),
  );
  // Four bins per doubling, from one pixel on.
  const bins = new Map<number, number>();
  for (const size of sizes) {
    const bin = Math.floor(Math.log2(size) * 4);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  const bars = [...bins].map(([bin, count]) => ({ from: 2 ** (bin / 4), to: 2 ** ((bin + 1) / 4), count }));
  return svg({
    width,
    height,
    marginLeft: 48,
    x: { type: 'log', base: 2, label: 'box size (pixels)', tickFormat: (value: number) => String(value) },
    y: { label: 'objects', grid: true, ticks: 5 },
    marks: [Plot.rectY(bars, { x1: 'from', x2: 'to', y: 'count', fill: colour, inset: 0.5 }), Plot.ruleY([0])],
  });
}

/** Images in the order of their number of objects. */
export function crowdChart({ images }: SurveySummary): string {
  const counts = images.map(({ objects }) => objects).sort((a, b) => a - b);
  const bars = counts.map((count, index) => ({ from: index, to: index + 1, count }));
  return svg({
    width,
    height,
    marginLeft: 48,
    x: { label: 'images, the emptiest first', ticks: 5, tickFormat: whole, domain: [0, Math.max(1, counts.length)] },
    y: { label: 'objects', grid: true, ticks: 5 },
    marks: [
      Plot.rectY(bars, { x1: 'from', x2: 'to', y: 'count', fill: colour, insetRight: counts.length > 120 ? 0 : 0.5 }),
      Plot.ruleY([0]),
    ],
  });
}

/** From the least to the greatest stored value of every image, with the channels' medians. */
export function intensityChart({ images }: DatasetSurvey): string {
  const names = ['red', 'green', 'blue'] as const;
  const tones = [redChannel, green, colour];
  const bars = images.map(({ pixels: { channels } }, index) => ({
    index: index + 0.5,
    from: Math.min(...channels.map(({ least }) => least)),
    to: Math.max(...channels.map(({ greatest }) => greatest)),
  }));
  const medians = images.flatMap(({ pixels: { channels } }, index) =>
    channels.map(({ median }, channel) => ({
      index: index + 0.5,
      median,
      name: channels.length === 1 ? 'grey' : names[channel],
    })),
  );
  return svg({
    width: 2 * width,
    height,
    marginLeft: 56,
    x: { label: 'images, by name', ticks: 5, tickFormat: whole, domain: [0, Math.max(1, images.length)] },
    y: { label: 'stored value', grid: true, ticks: 5, zero: true },
    color: { domain: [...names, 'grey'], range: [...tones, ink] },
    marks: [
      Plot.ruleX(bars, { x: 'index', y1: 'from', y2: 'to', stroke: strongBorder, strokeWidth: 2 }),
      Plot.dot(medians, { x: 'index', y: 'median', fill: 'name', r: 2.2 }),
    ],
  });
}
