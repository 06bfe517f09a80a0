import * as Plot from '@observablehq/plot';
import { chartColours, curve, guide, smooth, svg } from '@pffnet/pages';
import { imagesOf, type RunGroup } from './cell.ts';
import type { RankedInstance } from './ranking.ts';
import { plottedScores } from './report-table.ts';

/** Fig. 6: scores of the test images, a box per network and score. */
export function boxPlot(groups: readonly RunGroup[]): string {
  const titles = groups.map(({ title }) => title);
  const data = groups.flatMap((group) =>
    imagesOf(group).flatMap((image) =>
      plottedScores.flatMap(([score, title]) => {
        const value = image[score];
        return value === null ? [] : [{ network: group.title, score: title, value }];
      }),
    ),
  );
  return svg({
    width: 1000,
    height: 300,
    marginLeft: 40,
    marginBottom: 34,
    x: { axis: null, domain: titles },
    fx: { label: null, domain: plottedScores.map(([, title]) => title) },
    y: { domain: [0, 1], grid: true, label: null },
    color: { domain: titles, range: colours(titles.length) },
    marks: [Plot.boxY(data, { fx: 'score', x: 'network', y: 'value', fill: 'network', r: 2, fillOpacity: 0.55 })],
  });
}

/** Every network's curve of one quantity of the log, each by its first run. */
export function curvesPlot(groups: readonly RunGroup[], name: string, validation: boolean): string | null {
  const data = groups.flatMap(({ title, runs }) => {
    const log = runs[0].log.filter(({ kind }) => (kind === 'validation') === validation);
    const points = curve(log, name);
    const shown = validation ? points : smooth(points, Math.max(1, Math.round(points.length / 40)));
    return shown.map((point) => ({ ...point, network: title }));
  });
  if (data.length === 0) return null;
  const titles = groups.map(({ title }) => title);
  return svg({
    width: 500,
    height: 260,
    marginLeft: 42,
    x: { label: null, ticks: 4 },
    y: { label: null, grid: true, zero: true, ...(validation ? { domain: [0, 1] } : {}) },
    color: { domain: titles, range: colours(titles.length) },
    marks: [
      Plot.lineY(data, { x: 'step', y: 'value', z: 'network', stroke: 'network', strokeWidth: 1.8 }),
      ...(validation ? [Plot.dot(data, { x: 'step', y: 'value', fill: 'network', r: 2.5 })] : []),
    ],
  });
}

/** A score of objects against how well they fit. */
export function rankingPlot(instances: readonly RankedInstance[], score: 'classScore' | 'quality'): string {
  return svg({
    width: 330,
    height: 260,
    marginLeft: 40,
    x: { label: score === 'quality' ? 'predicted quality' : 'class score', domain: [0, 1], ticks: 5 },
    y: { label: 'true IoU', domain: [0, 1], ticks: 5, grid: true },
    marks: [
      Plot.dot([...instances], { x: score, y: 'iou', r: 2, fill: chartColours[0], fillOpacity: 0.45, clip: true }),
      Plot.line(
        [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
        { x: 'x', y: 'y', stroke: guide, strokeDasharray: '3 3' },
      ),
    ],
  });
}

/** One colour per network, the same in every plot of a data set. */
export const colours = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => chartColours[at % chartColours.length]);
