import { medianDiameterByArea } from '@pffnet/postprocess';
import { type RgbPixels, scaleImage } from '@pffnet/structures';
import { cropImage } from './image-parts.ts';
import type { ReadingRule } from './network-config.ts';
import type { Network } from './network.ts';
import { predict } from './predict.ts';

/** Looks at an image to judge the size of its objects. */
const LOOKS = 4;
/** Estimates that agree by this factor are one. */
const AGREE = 1.1;
/** Objects this much larger or smaller than the trained median are usual: models that ship learn at magnifications 0.7 to 1.4. */
const USUAL = 1.4;
/** Where to look when an image shows nothing at its own size. */
const elsewhere: readonly number[] = [0.5, 2, 0.25];
/** No estimate goes further. */
const LIMIT = 8;

/**
 * Estimates by what factor an image should be scaled so that its objects are as large as those that a network learned
 * from: it is read, the objects found are measured, and it is read again at the scale that would make their diameter the
 * trained one, until two looks agree. Objects count by their area: at a wrong scale a network finds false specks. Of a
 * large image four windows are read.
 * @param trained - median diameter of the training objects, pixels.
 * @returns the factor; 1 if the objects are about as large as trained, or none is found.
 */
export async function fittingScale(
  network: Network,
  image: RgbPixels,
  trained: number,
  rule: ReadingRule = network.config.test,
): Promise<number> {
  let scale = 1;
  for (let look = 0, others = [...elsewhere]; look < LOOKS; look++) {
    const found = await diameterAt(network, image, scale, rule);
    if (found === null) {
      const next = others.shift();
      if (next === undefined) return 1;
      scale = next;
      continue;
    }
    others = [];
    const better = Math.min(LIMIT, Math.max(1 / LIMIT, (scale * trained) / found));
    const agrees = factorBetween(better, scale) < AGREE;
    scale = better;
    if (agrees) break;
  }
  return factorBetween(scale, 1) < USUAL ? 1 : scale;
}

/** How many times the larger is the smaller. */
const factorBetween = (a: number, b: number): number => Math.max(a / b, b / a);

/** The diameter of what is found at a scale, in pixels there; null if nothing is. */
async function diameterAt(
  network: Network,
  image: RgbPixels,
  scale: number,
  rule: ReadingRule,
): Promise<number | null> {
  const areas: number[] = [];
  for (const window of windowsOf(image, rule.tiles.size / scale)) {
    const { instances } = await predict(network, scaleImage(window, scale), rule);
    for (const { area } of instances) areas.push(area);
  }
  return medianDiameterByArea(areas);
}

/** The image, or four squares of it in its quarters. */
function windowsOf(image: RgbPixels, side: number): RgbPixels[] {
  const [height, width] = [image.height, image.width].map((length) => Math.min(length, Math.ceil(side)));
  if (height * width * 4 >= image.height * image.width) return [image];
  const quarters = [0.25, 0.75];
  return quarters.flatMap((down) =>
    quarters.map((across) => {
      const start = (length: number, window: number, share: number): number =>
        Math.min(length - window, Math.max(0, Math.round(length * share - window / 2)));
      return cropImage(image, {
        y: start(image.height, height, down),
        x: start(image.width, width, across),
        height,
        width,
      });
    }),
  );
}
