import { mixedBootstrapInterval } from '@pffnet/metrics';
import { randomStream } from '@pffnet/structures';

/** The mean of one score over images and seeds. */
export function meanOf(seeds, score) {
  const values = imagesWith(seeds, score).flatMap((image) => seeds.map((own) => Number(own.get(image)[score])));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The mean of one score over patients, images and seeds, with its 95 % interval (mixed bootstrap, seeded).
 * @param {Map<string, Record<string, string>>[]} seeds scores by image, of each seed
 */
export function meanScore(seeds, patientOf, score) {
  return interval(imagesWith(seeds, score), patientOf, score, (image) =>
    seeds.map((own) => Number(own.get(image)[score])),
  );
}

/**
 * The mean difference of one score, ours minus theirs of the same image and seed, with its 95 % interval.
 * @throws Error if the two have other images or another number of seeds
 */
export function meanDifference(ours, theirs, patientOf, score) {
  const images = [...ours[0].keys()];
  const same =
    ours.length === theirs.length &&
    [...ours, ...theirs].every((seed) => seed.size === images.length && images.every((image) => seed.has(image)));
  if (!same)
    throw new Error('expected the same images in every file, and as many seeds of one network as of the other');
  return interval(imagesWith([...ours, ...theirs], score), patientOf, score, (image) =>
    ours.map((own, seed) => Number(own.get(image)[score]) - Number(theirs[seed].get(image)[score])),
  );
}

/** The images whose score every seed defines: an undefined one says nothing. */
function imagesWith(seeds, score) {
  return [...seeds[0].keys()].filter((image) => seeds.every((seed) => seed.get(image)[score] !== ''));
}

function interval(images, patientOf, score, valuesOf) {
  const byPatient = new Map();
  for (const image of images) {
    const patient = patientOf.get(image);
    byPatient.set(patient, [...(byPatient.get(patient) ?? []), valuesOf(image)]);
  }
  const observations = [...byPatient.values()];
  return mixedBootstrapInterval(observations, { stream: randomStream(0, `compare/${score}`) });
}
