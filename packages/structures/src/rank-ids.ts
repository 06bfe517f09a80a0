/** The ids of a label map in ascending order, and a table that finds the place of each. */
export interface RankedIds {
  /** [objectCount] without background. */
  readonly ids: Uint32Array;
  /** [height * width] the map's ids; other numbers in their place where ids are too great for a table. */
  readonly data: Uint32Array;
  /** By number in `data`: 1 + its place in `ids`, 0 for background. */
  readonly rank: Uint32Array;
}

/** A table of all numbers up to the greatest id may have as many entries as the map pixels, and these. */
const spare = 2 ** 16;

/** Ranks the ids of a label map, without a search per pixel. */
export function rankIds({ data }: { readonly data: Uint32Array }): RankedIds {
  let greatest = 0;
  for (let at = 0; at < data.length; at++) {
    const id = data[at];
    if (id > greatest) greatest = id;
  }
  if (greatest >= data.length + spare) return rankSparse(data);
  const rank = new Uint32Array(greatest + 1);
  let previous = 0;
  for (let at = 0; at < data.length; at++) {
    const id = data[at];
    if (id === previous) continue;
    rank[id] = 1;
    previous = id;
  }
  rank[0] = 0;
  let count = 0;
  for (let id = 1; id <= greatest; id++) if (rank[id] === 1) rank[id] = ++count;
  const ids = new Uint32Array(count);
  for (let id = 1; id <= greatest; id++) if (rank[id] > 0) ids[rank[id] - 1] = id;
  return { ids, data, rank };
}

function rankSparse(data: Uint32Array): RankedIds {
  const seen = new Map<number, number>();
  const numbers = new Uint32Array(data.length);
  let [previous, number] = [0, 0];
  for (let at = 0; at < data.length; at++) {
    if (data[at] !== previous) {
      previous = data[at];
      number = previous === 0 ? 0 : (seen.get(previous) ?? seen.size + 1);
      if (number > seen.size) seen.set(previous, number);
    }
    numbers[at] = number;
  }
  const ids = Uint32Array.from(seen.keys()).sort();
  const rank = new Uint32Array(ids.length + 1);
  for (let place = 0; place < ids.length; place++) rank[seen.get(ids[place]) ?? 0] = place + 1;
  return { ids, data: numbers, rank };
}
