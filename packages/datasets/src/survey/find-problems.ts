import { inPieces, type MapRegions, masksRefusal, masksWarning } from '../annotations/foreground-masks.ts';
import { lossesLine } from '../annotations/losses-line.ts';
import { nearestName, someNames } from '../nearest-name.ts';
import type { Split } from '../splits/read-split.ts';
import type { ObjectFacts } from './describe-objects.ts';
import { type Copy, findCopies } from './find-copies.ts';
import type { ImageSurvey } from './survey-image.ts';

/** `error`: the set cannot be used as it is. `warning`: it can, but should it? `note`: good to know. */
export type Severity = 'error' | 'warning' | 'note';

/** Something about a data set that a person should know. */
export interface Problem {
  readonly severity: Severity;
  /** The images concerned. */
  readonly images: readonly string[];
  /** One line: what it is, and what to do about it. */
  readonly line: string;
}

/** Everything that was read of a data set. */
export interface DatasetSurvey {
  readonly images: readonly ImageSurvey[];
  /** Images that could not be read with their labels, and why. */
  readonly unreadable: readonly { readonly name: string; readonly reason: string }[];
  /** Which image is in which part. */
  readonly split?: Split | undefined;
}

/** Objects with fewer pixels are specks: slips of the pen, or rests of an object that lies under another. */
export const SPECK = 10;
/** 8-bit images that use fewer grey values have little contrast. */
const LOW_RANGE = 64;
const FULL_RANGE = 255;
/** More of an image at the greatest value hides structure there. */
const SATURATED = 0.05;

/** Looks through a survey. @returns problems, errors first; none means that the set is sound. */
export function findProblems(survey: DatasetSurvey): Problem[] {
  const problems = [
    ...survey.unreadable.map(({ name, reason }): Problem => ({ severity: 'error', images: [name], line: reason })),
    ...(survey.images.length > 0 ? [...labelProblems(survey), ...pixelProblems(survey), ...splitProblems(survey)] : []),
    ...findCopies(survey.images).map((copy) => copyProblem(copy, survey.split)),
  ];
  return bySeverity(problems);
}

/** Errors before warnings before notes, each in the order given. */
export function bySeverity(problems: readonly Problem[]): Problem[] {
  const rank = { error: 0, warning: 1, note: 2 };
  return [...problems].sort((a, b) => rank[a.severity] - rank[b.severity]);
}

function labelProblems({ images }: DatasetSurvey): Problem[] {
  const objects = images.reduce((sum, image) => sum + image.objects.length, 0);
  if (objects === 0) {
    const line =
      'no image has an object; expected label maps with ids above 0; check that the labels are instance maps';
    return [{ severity: 'error', images: images.map(({ name }) => name), line }];
  }
  const others = images.filter((image) => !inPieces(regionsOf(image)));
  return [
    ...maskProblem(images),
    ...lossProblem(images),
    ...problem('warning', images.filter(hasLabelledBackground), (where) => `${where} an object that covers most of the image and reaches all its edges: background must have id 0`),
    ...objectProblem('warning', others, ({ parts }) => parts > 1, (count, where) => `${count} in several pieces (${where}); the network predicts each object in one; give pieces that are objects ids of their own`),
    ...objectProblem('warning', images, ({ area }) => area < SPECK, (count, where) => `${count} smaller than ${SPECK} pixels (${where}); scores count each as an object to be found; erase those that are slips`),
    ...problem('warning', images.filter((image) => image.objects.length === 0), (where) => `${where} no object; training skips such images; label them if objects were forgotten`),
    ...problem('note', images.filter(hasGaps), (where) => `${where} ids with gaps; allowed here, but evaluate --cvppp-strict counts every missing id as an object`),
  ]; // prettier-ignore
}

/** As `regionsOfOneId` counts them, from what is known of the objects. */
function regionsOf({ name, objects }: ImageSurvey): MapRegions {
  return { name, regions: objects.length === 0 ? 0 : objects.length === 1 ? objects[0].parts : null };
}

function maskProblem(images: readonly ImageSurvey[]): Problem[] {
  const maps = images.map(regionsOf);
  const concerned = maps.filter(inPieces).map(({ name }) => name);
  const refusal = masksRefusal(maps);
  if (refusal !== undefined) return [{ severity: 'error', images: concerned, line: refusal }];
  const warning = masksWarning(maps);
  return warning === undefined ? [] : [{ severity: 'warning', images: concerned, line: warning }];
}

function lossProblem(images: readonly ImageSurvey[]): Problem[] {
  const accounts = images.flatMap(({ name, account }) => (account === undefined ? [] : [{ image: name, account }]));
  const concerned = accounts.filter(({ account }) => account.lost.length > 0 || account.strayPieces.length > 0);
  const line = lossesLine(accounts);
  return line === undefined ? [] : [{ severity: 'warning', images: concerned.map(({ image }) => image), line }];
}

function hasLabelledBackground({ objects, pixels: { height, width } }: ImageSurvey): boolean {
  return objects.some(
    ({ area, box: [y1, x1, y2, x2] }) =>
      y1 === 0 && x1 === 0 && y2 === height && x2 === width && area > (height * width) / 2,
  );
}

const hasGaps = ({ objects }: ImageSurvey): boolean => objects.some(({ id }, index) => id !== index + 1);

function pixelProblems({ images }: DatasetSurvey): Problem[] {
  const range = ({ pixels: { channels } }: ImageSurvey): number =>
    Math.max(...channels.map(({ least, greatest }) => greatest - least));
  const where = (test: (image: ImageSurvey) => boolean): ImageSurvey[] => images.filter(test);
  const depths = [...new Set(images.map(({ pixels }) => pixels.bits))].sort((a, b) => a - b);
  const mixed = (what: string, sorts: readonly (string | number)[], mend: string): Problem[] =>
    sorts.length < 2 ? [] : [{ severity: 'warning', images: [], line: `${what}: ${sorts.join(' and ')}; ${mend}` }];
  const isGrey = ({ pixels }: ImageSurvey): boolean => pixels.kind !== 'colour';
  // Of 0..255, whatever the file's few bits.
  const greys = (image: ImageSurvey): number => (range(image) * FULL_RANGE) / (image.pixels.fullRange ?? FULL_RANGE);
  const turned = where(({ pixels }) => pixels.orientation !== 1);
  const tags = [...new Set(turned.map(({ pixels }) => pixels.orientation))].join(' and ');
  return [
    ...images.flatMap(({ name, notes = [] }) => notes.map((line): Problem => ({ severity: 'warning', images: [name], line }))),
    ...problem('warning', turned, (them) => `${them} orientation ${tags}, which is not applied; annotation tools apply it: labels drawn upright lie across; turn the pixels themselves, or the labels`),
    ...mixed('images of several bit depths', depths, 'deeper ones are scaled between percentiles, 8 bits taken as they are; set input.scaling to one rule for all'),
    ...mixed('images of several kinds', [...new Set(images.map((image) => (isGrey(image) ? 'grey' : 'colour')))], 'check that they belong to one set'),
    ...problem('warning', where((image) => range(image) === 0), (them) => `${them} only one grey value: there is nothing to see; remove them or export them again`),
    ...problem('warning', where((image) => image.pixels.bits <= 8 && greys(image) > 0 && greys(image) < LOW_RANGE), (them) => `${them} fewer than ${LOW_RANGE} of 256 grey values; the network sees little contrast; set input.scaling.kind=min-max`),
    ...problem('note', where(({ pixels }) => pixels.channels.some(({ saturated }) => saturated > SATURATED)), (them) => `${them} more than ${SATURATED * 100} % of the pixels at the greatest value; structure there is lost, unless it is the empty slide`),
    ...problem('note', where(({ pixels }) => pixels.kind === 'grey in colour'), (them) => `${them} three equal channels: grey stored as colour; nothing to do`),
    ...problem('note', where(({ pixels }) => pixels.alpha), (them) => `${them} an alpha channel; it is ignored, the stored colours count`),
    ...problem('note', where(({ pixels }) => pixels.palette), (them) => `${them} a colour table; the colours of the table count; check that the images were not reduced to few colours`),
    ...problem('note', where(({ pixels }) => pixels.lossy), (them) => `${them} compression with loss; fine edges may be blurred; use the original files where there are any`),
  ]; // prettier-ignore
}

function splitProblems({ images, split }: DatasetSurvey): Problem[] {
  if (split === undefined) return [];
  const names = images.map(({ name }) => name);
  const absent = [...split.keys()].filter((name) => !names.includes(name));
  const unmentioned = images.filter(({ name }) => !split.has(name));
  const nearest =
    unmentioned.length > 0 ? nearestName(unmentioned[0].name, absent.length > 0 ? absent : split.keys()) : undefined;
  return [
    ...problem('error', unmentioned, (them) => `${them} no line in the split; nearest to the first is ${nearest}; add a line for every image`),
    ...(absent.length === 0 ? [] : [{ severity: 'note', images: absent, line: `the split names ${absent.length} image${absent.length === 1 ? '' : 's'} not there: ${someNames(absent)}` } as const]),
  ]; // prettier-ignore
}

function copyProblem({ first, second, kind }: Copy, split: Split | undefined): Problem {
  const images = [first, second];
  const same = kind === 'same' ? 'are the same picture' : 'look alike (turned, mirrored, scaled or compressed copies?)';
  const [a, b] = images.map((name) => split?.get(name));
  if (a !== undefined && b !== undefined && a !== b) {
    const line = `${first} (${a}) and ${second} (${b}) ${same}: a test on one would be of what was learned from the other; remove one, or put both into one part`;
    return { severity: kind === 'same' ? 'error' : 'warning', images, line };
  }
  const line = `${first} and ${second} ${same}; remove one, and never train on one and test on the other`;
  return { severity: 'warning', images, line };
}

function problem(severity: Severity, images: readonly ImageSurvey[], line: (where: string) => string): Problem[] {
  if (images.length === 0) return [];
  const names = images.map(({ name }) => name);
  const where = names.length === 1 ? `${names[0]} has` : `${names.length} images (${someNames(names)}) have`;
  return [{ severity, images: names, line: line(where) }];
}

function objectProblem(
  severity: Severity,
  images: readonly ImageSurvey[],
  test: (object: ObjectFacts) => boolean,
  line: (count: string, where: string) => string,
): Problem[] {
  const found = images.map(({ name, objects }) => ({ name, count: objects.filter(test).length }));
  const names = found.filter(({ count }) => count > 0).map(({ name }) => name);
  if (names.length === 0) return [];
  const count = found.reduce((sum, image) => sum + image.count, 0);
  const objects = count === 1 ? '1 object is' : `${count} objects are`;
  return [{ severity, images: names, line: line(objects, someNames(names)) }];
}
