import { someNames } from '@pffnet/datasets';
import { panopticClasses } from '@pffnet/postprocess';
import { DataError, type Segments } from '@pffnet/structures';
import { classesOfLabels, type PanopticSource } from './panoptic-source.ts';

type Categories = PanopticSource['categories'];

/** The classes that prediction and truth are compared by, and both in these. */
export interface CommonClasses {
  readonly categories: Categories;
  ofTruth(segments: Segments): Segments;
  /** @throws DataError if a segment is of a class that the truth does not know. */
  ofPrediction(segments: Segments, name: string): Segments;
}

/**
 * Finds the classes that two sources have in common: those of the truth by their ids; objects and background, whatever
 * their ids, where one of them is a folder of label maps.
 * @throws DataError if one does not say its classes, they are more than label maps know, or both disagree about what is a
 * thing.
 */
export function commonClasses(prediction: PanopticSource, truth: PanopticSource): CommonClasses {
  const labels = prediction.form === 'labels' || truth.form === 'labels';
  const [ofTruth, ofPrediction] = [truth, prediction].map((source) => (labels ? toTwoClasses(source) : null));
  const categories = labels ? classesOfLabels : truth.categories;
  if (categories.size === 0) {
    throw new DataError(`${truth.source} has no categories; expected a list of them with isthing; add it`);
  }
  if (!labels) assertSameKinds(prediction, truth);
  return {
    categories,
    ofTruth: (segments) => known(inClasses(segments, ofTruth), categories, truth.source, truth.source),
    ofPrediction: (segments, name) =>
      known(inClasses(segments, ofPrediction), categories, `${prediction.source} (${name})`, truth.source),
  };
}

/** The numbers of objects and background for the classes of a source: one of things, and one of stuff. */
function toTwoClasses({ source, categories }: PanopticSource): ReadonlyMap<number, number> {
  const all = [...categories.values()];
  const things = all.filter(({ isThing }) => isThing);
  const stuff = all.filter(({ isThing }) => !isThing);
  if (things.length !== 1 || stuff.length !== 1) {
    throw new DataError(
      `${source} has ${things.length} categories of things and ${stuff.length} of stuff; label maps know one of each, objects and background; give both in COCO's panoptic form`,
    );
  }
  return new Map([
    [things[0].id, panopticClasses.object],
    [stuff[0].id, panopticClasses.background],
  ]);
}

function assertSameKinds(prediction: PanopticSource, truth: PanopticSource): void {
  for (const { id, name, isThing } of prediction.categories.values()) {
    const other = truth.categories.get(id);
    if (other === undefined || other.isThing === isThing) continue;
    const kind = (thing: boolean): string => (thing ? 'a thing' : 'stuff');
    throw new DataError(
      `${prediction.source} says that category ${id} (${name}) is ${kind(isThing)}, ${truth.source} that it (${other.name}) is ${kind(other.isThing)}; expected the same categories in both; number them alike`,
    );
  }
}

function inClasses(segments: Segments, numbers: ReadonlyMap<number, number> | null): Segments {
  if (numbers === null) return segments;
  return { ...segments, classOf: new Map([...segments.classOf].map(([id, key]) => [id, numbers.get(key) ?? key])) };
}

function known(segments: Segments, categories: Categories, where: string, truth: string): Segments {
  const strange = [...segments.classOf].find(([, key]) => !categories.has(key));
  if (strange === undefined) return segments;
  const [id, key] = strange;
  throw new DataError(
    `${where}: segment ${id} has category_id ${key}, which ${truth} has not; expected one of ${someNames([...categories.keys()].map(String))}; number the categories alike`,
  );
}
