import {
  type DatasetSurvey,
  encodeWebp,
  type LabelledImage,
  overlay,
  type Problem,
  readImage,
  type ReadImageOptions,
  reduceSample,
  type SurveySummary,
} from '@pffnet/datasets';
import { counted } from '../counted.ts';
import { escapeHtml, facts, figure, page, table } from '../html.ts';
import { crowdChart, intensityChart, sizeChart } from './check-charts.ts';
import { distributions, objectCounts, percent, pixelText, quantileNames } from './check-text.ts';
import type { DataCheck } from './data-check.ts';

/** Longer side of a picture on the page, pixels. */
const PICTURE_SIDE = 640;

/** The table of images takes the page's width; only names are broken. */
const style = '.images table { max-width: none; } .images td { white-space: nowrap; padding: .28rem .5rem; }\n';

/**
 * The result of `data check` as one file: problems, charts, tables, and pictures with outlines.
 * @param pictured - images to show; those that could be read.
 * @param reading - which channel is shown.
 */
export async function checkPage(
  { folder, format, problems, findings, summary, usable }: DataCheck,
  survey: DatasetSurvey,
  pictured: readonly LabelledImage[],
  reading: ReadImageOptions,
): Promise<string> {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const body = [
    `<p class="lead">${counted(summary.imageCount, 'image')} (${format}), <strong>${summary.objectCount}</strong> objects: ${
      usable ? 'the set can be used.' : `${counted(errors, 'error')} to mend first.`
    }</p>`,
    '<h2>Problems</h2>',
    problemList(problems),
  ];
  if (summary.objectCount > 0) {
    body.push(
      '<h2>Objects</h2>',
      `<div class="two"><div><h3>Size of their boxes</h3>${sizeChart(survey)}</div><div><h3>Objects per image</h3>${crowdChart(summary)}</div></div>`,
      table(
        ['', ...quantileNames],
        [
          distributions(summary).map(([name, values]) => ({
            name,
            cells: quantileNames.map((key) => (values === null ? '–' : pixelText(values[key]))),
          })),
        ],
      ),
      facts(
        objectCounts(summary).map(([what, count]) => [
          `objects that ${what}`,
          `${count} (${percent(count / summary.objectCount)})`,
        ]),
      ),
      ...findings.flatMap(({ title, explanation, columns, rows }) => [
        `<h2>${escapeHtml(title)}</h2>`,
        `<p>${escapeHtml(explanation)}</p>`,
        table(columns, [rows.map(({ cells: [name, ...cells], asked }) => ({ name, cells, main: asked }))]),
      ]),
    );
  }
  if (summary.imageCount > 0) {
    body.push(
      '<h2>Intensities</h2>',
      '<p>From the least to the greatest stored value of each image; dots are the medians of its channels.</p>',
      intensityChart(survey),
      '<h2>Pictures</h2>',
      '<p>Each object has an outline of its own. Colours only tell neighbours apart; they have no meaning.</p>',
      `<div class="two">${(await Promise.all(pictured.map((image) => picture(image, problems, reading)))).join('')}</div>`,
      '<h2>Images</h2>',
      `<div class="images">${imageTable(summary)}</div>`,
    );
  }
  return page(`Data check: ${folder}`, body.join('\n'), style);
}

function problemList(problems: readonly Problem[]): string {
  if (problems.length === 0) return '<p>None found.</p>';
  return facts(problems.map(({ severity, line }) => [severity, line]));
}

async function picture(
  labelled: LabelledImage,
  problems: readonly Problem[],
  { channel }: ReadImageOptions,
): Promise<string> {
  const { name } = labelled;
  const image = await readImage(labelled.image, { channel });
  const small = await reduceSample({ name, image, labels: (await labelled.readLabels(image)).labels }, PICTURE_SIDE);
  const bytes = await encodeWebp(overlay(small.image, small.labels));
  const marks = problems.filter(({ severity, images }) => severity !== 'note' && images.includes(name)).length;
  const caption = marks === 0 ? name : `${name}: ${counted(marks, 'problem')}`;
  return figure(`data:image/webp;base64,${Buffer.from(bytes).toString('base64')}`, caption);
}

function imageTable({ images }: SurveySummary): string {
  return table(
    ['name', 'part', 'height x width', 'stored', 'values', 'objects', 'touch', 'cut', 'in pieces', 'specks'],
    [
      images.map((image) => ({
        name: image.name,
        cells: [
          image.part ?? '–',
          `${image.height} x ${image.width}`,
          `${image.bits} bits, ${image.kind}`,
          `${pixelText(image.least)}–${pixelText(image.greatest)}`,
          ...[image.objects, image.touching, image.cut, image.inPieces, image.specks].map(String),
        ],
      })),
    ],
  );
}
