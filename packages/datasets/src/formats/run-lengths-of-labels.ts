import { type LabelMap, type RankedIds, rankIds } from '@pffnet/structures';
import type { RunLengths } from './run-lengths.ts';

/** Columns that are turned to rows at a time: their part of a row is one line of the processor's cache. */
const strip = 16;

/**
 * The run lengths of every object, from one pass over the pixels.
 * @returns per id, in ascending order, made when it is asked for; none for an empty map.
 * @remarks Source: the COCO mask format, as the COCO API's `encode` makes it of each object's mask.
 */
export function* runLengthsOfLabels(labels: LabelMap): Generator<[id: number, runs: RunLengths], void, undefined> {
  const { height, width } = labels;
  const ranked = rankIds(labels);
  const { starts, places, lengths } = runsByObject(labels, ranked);
  for (const [object, id] of ranked.ids.entries()) {
    const counts: number[] = [];
    let end = 0;
    for (let run = starts[object]; run < starts[object + 1]; run++) {
      // A run that goes on at the top of the next column is one with that.
      if (counts.length > 0 && places[run] === end) counts[counts.length - 1] += lengths[run];
      else counts.push(places[run] - end, lengths[run]);
      end = places[run] + lengths[run];
    }
    if (end < height * width) counts.push(height * width - end);
    yield [id, { height, width, counts }];
  }
}

/** The runs of each object within columns: entries `starts[object]` to `starts[object + 1]`, column after column. */
function runsByObject(
  labels: LabelMap,
  ranked: RankedIds,
): { starts: Uint32Array; places: Uint32Array; lengths: Uint32Array } {
  const starts = new Uint32Array(ranked.ids.length + 1);
  eachColumnRun(labels, ranked, (object) => starts[object + 1]++);
  for (let object = 0; object < ranked.ids.length; object++) starts[object + 1] += starts[object];
  const next = starts.slice();
  const places = new Uint32Array(starts[ranked.ids.length]);
  const lengths = new Uint32Array(places.length);
  eachColumnRun(labels, ranked, (object, place, length) => {
    const run = next[object]++;
    places[run] = place;
    lengths[run] = length;
  });
  return { starts, places, lengths };
}

/** Calls `visit` for each run of pixels of one object in a column; places are counted column after column. */
function eachColumnRun(
  { height, width }: LabelMap,
  { data, rank }: RankedIds,
  visit: (object: number, place: number, length: number) => void,
): void {
  const turned = new Uint32Array(strip * height);
  for (let left = 0; left < width; left += strip) {
    const columns = Math.min(strip, width - left);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < columns; x++) turned[x * height + y] = data[y * width + left + x];
    }
    for (let x = 0; x < columns; x++) {
      for (let y = 0; y < height; y++) {
        const number = turned[x * height + y];
        if (number === 0) continue;
        const top = y;
        while (y + 1 < height && turned[x * height + y + 1] === number) y++;
        visit(rank[number] - 1, (left + x) * height + top, y + 1 - top);
      }
    }
  }
}
