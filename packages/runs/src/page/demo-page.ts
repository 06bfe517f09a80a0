import { facts as factList, figure, learningSection, page, scoreMeanings, scoreTable, shortScore } from '@pffnet/pages';
import { familyOf } from '@pffnet/families';
import type { ImageScores, Summary } from '@pffnet/metrics';
import type { LogEntry } from '@pffnet/run-folder';
import { type Provenance, provenance } from './provenance.ts';

/** Everything that the demo's page shows. */
export interface DemoResult extends Omit<Provenance, 'time'> {
  readonly seconds: number;
  readonly log: readonly LogEntry[];
  /** Scores of the test images, whose pictures lie in `images/`. */
  readonly before: Summary;
  readonly after: Summary;
  /** A model that ships, and the number of objects that it found in the real image `images/real.png`. */
  readonly real: { readonly model: string; readonly objects: number };
}

/** The demo as a page: what was done, scores, pictures before and after training, curves. */
export function demoPage(result: DemoResult): string {
  const { before, after, facts } = result;
  const body = [
    `<p class="lead">PFFNet learned to separate cells that touch and overlap, from ${facts.data.train.length} drawn images
and random weights, in ${(result.seconds / 60).toFixed(1)} minutes. On ${after.images.length} images that it never saw,
AJI rose from ${shortScore(before.mean.aji)} to <strong>${shortScore(after.mean.aji)}</strong>.</p>`,
    '<h2>Pictures</h2>',
    '<p>Each object has an outline of its own. Colours only tell neighbours apart; they have no meaning.</p>',
    pictures(before, after),
    realImage(result.real),
    '<h2>Scores on the test images</h2>',
    scoreTable(
      [
        ['mean before training', before.mean],
        ['mean after training', after.mean],
      ],
      after,
    ),
    scoreMeanings,
    learningSection(result.log, facts.data.validation.length, familyOf(result.config).termsOf(result.config)),
    '<h2>How this was made</h2>',
    factList(provenance({ ...result, time: `${result.seconds.toFixed(0)} s in all` })),
    `<p class="small">All numbers: <a href="metrics.json">metrics.json</a>, <a href="run/log.jsonl">run/log.jsonl</a>;
the config: <a href="run/config.json">run/config.json</a>; the weights: <code>run/checkpoints/best.safetensors</code>.
Method: Liu et al. 2021, <a href="https://doi.org/10.1109/TIP.2021.3050668">Panoptic Feature Fusion Net</a>.</p>`,
  ];
  return page('PFFNet demo', body.join('\n'));
}

function realImage({ model, objects }: DemoResult['real']): string {
  return `<h2>A real image</h2>
<p>The model <code>${model}</code> ships with this package. It learned from stained tissue, and found ${objects} nuclei here
(<code>pffnet predict --model ${model}</code>). Image: Naylor et al., TNBC, CC BY 4.0.</p>
<div class="two">${figure('images/real.png', 'image')}${figure('images/real_found.png', `${objects} nuclei`)}</div>`;
}

function pictures(before: Summary, after: Summary): string {
  const heads = ['image', 'truth', 'before training', 'after training'];
  const rows = after.images.flatMap((scores, index) => {
    const file = `images/${scores.name}`;
    return [
      figure(`${file}.png`, scores.name),
      figure(`${file}_truth.png`, `${scores.truthCount} objects`),
      figure(`${file}_before.png`, outcomeOf(before.images[index])),
      figure(`${file}_after.png`, outcomeOf(scores)),
    ];
  });
  return `<div class="gallery">${heads.map((head) => `<h3>${head}</h3>`).join('')}${rows.join('')}</div>`;
}

/** Objects found at IoU above 0.5 follow from DQ = found / mean of both counts. */
function outcomeOf({ aji, dq, truthCount, predictedCount }: ImageScores): string {
  const found = Math.round(((dq ?? 0) * (truthCount + predictedCount)) / 2);
  return `AJI ${shortScore(aji)}: ${found} of ${truthCount} found, ${predictedCount - found} false`;
}
