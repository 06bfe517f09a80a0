import type { Distribution, SurveySummary } from '@pffnet/datasets';
import { counted } from '../counted.ts';
import { textTable } from '../text-table.ts';
import type { DataCheck } from './data-check.ts';

/** The result of `data check` for a terminal. */
export function checkText({ folder, format, problems, findings, summary }: DataCheck): string {
  const { imageCount, objectCount } = summary;
  const head = `${folder}: ${counted(imageCount, 'image')}, ${counted(objectCount, 'object')} (${format})\n`;
  const blocks = [head, problemText(problems)];
  if (imageCount > 0) blocks.push(imageText(summary));
  if (objectCount > 0) {
    blocks.push(objectText(summary));
    for (const { columns, rows } of findings) blocks.push(textTable([columns, ...rows.map(({ cells }) => cells)]));
  }
  return blocks.join('\n');
}

function problemText(problems: DataCheck['problems']): string {
  if (problems.length === 0) return 'no problems found\n';
  return problems.map(({ severity, line }) => `${severity.padEnd(7)}  ${line}\n`).join('');
}

function imageText({ images, parts }: SurveySummary): string {
  const sorts = new Map<string, number>();
  for (const { height, width, bits, kind } of images) {
    const sort = `${height} x ${width}, ${bits} bits, ${kind}`;
    sorts.set(sort, (sorts.get(sort) ?? 0) + 1);
  }
  const rows = [...sorts].sort(([, a], [, b]) => b - a);
  const shown = rows.slice(0, 8).map(([sort, count]) => [sort, String(count)]);
  const more = rows.slice(8);
  if (more.length > 0) {
    const rest = more.reduce((sum, [, count]) => sum + count, 0);
    shown.push([`${more.length} other kinds`, String(rest)]);
  }
  const split = parts.map(({ part, images: count, objects }) => [`part ${part}`, String(count), String(objects)]);
  return [
    textTable([['height x width, depth', 'images'], ...shown]),
    ...(split.length > 0 ? [textTable([['split', 'images', 'objects'], ...split])] : []),
  ].join('\n');
}

/** A share for people to read. */
export const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);

/** The rows of the table of distributions. */
export function distributions(summary: SurveySummary): [name: string, values: Distribution | null][] {
  return [
    ['objects per image', summary.objectsPerImage],
    ['area (pixels)', summary.area],
    ['box height', summary.boxHeight],
    ['box width', summary.boxWidth],
    ['box size (root of area)', summary.boxSize],
  ];
}

/** The columns of the table of distributions. */
export const quantileNames = ['least', 'p5', 'p25', 'median', 'p75', 'p95', 'greatest', 'mean'] as const;

/** A pixel count for people to read. */
export const pixelText = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1));

/** What is counted among the objects. */
export function objectCounts(summary: SurveySummary): [what: string, count: number][] {
  return [
    ['touch another', summary.touching],
    ['are cut by the border', summary.cut],
    ['are in several pieces', summary.inPieces],
    ['are smaller than 10 pixels', summary.specks],
  ];
}

function objectText(summary: SurveySummary): string {
  const rows = distributions(summary).map(([name, values]) => [
    name,
    ...quantileNames.map((key) => (values === null ? '–' : pixelText(values[key]))),
  ]);
  const counts = objectCounts(summary).map(([what, count]) => [
    `objects that ${what}`,
    String(count),
    percent(count / summary.objectCount),
  ]);
  return [textTable([['', ...quantileNames], ...rows]), textTable([['', 'count', 'share'], ...counts])].join('\n');
}
