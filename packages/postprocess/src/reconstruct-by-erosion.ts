import { ShapeError } from '@pffnet/structures';
import { eightNeighbours, type HeightMap, HIGHEST, withoutRim, withRim } from './height-map.ts';

/**
 * Grey reconstruction by erosion: the seed sinks as far as its lower surroundings pull it down, step by step to any of
 * the eight neighbours, and nowhere below the mask.
 * @param seed - nowhere below `mask`; where it is, it counts as the mask.
 * @throws ShapeError if the two differ in size.
 * @remarks Source: Vincent 1993, the hybrid algorithm: two scans, then a queue of what they left unfinished. As
 * scikit-image's `reconstruction` (method erosion).
 */
export function reconstructByErosion(seed: HeightMap, mask: HeightMap): HeightMap {
  const { height, width } = mask;
  if (seed.height !== height || seed.width !== width) {
    throw new ShapeError(
      `reconstructByErosion: expected a seed of ${height} x ${width} pixels, got ${seed.height} x ${seed.width}`,
    );
  }
  const surface = withRim(seed, HIGHEST);
  const floor = withRim(mask, HIGHEST);
  const stride = width + 2;
  scan(surface, floor, { height, width }, 1);
  scan(surface, floor, { height, width }, -1);
  spread(surface, floor, unfinished(surface, floor, { height, width }), eightNeighbours(stride));
  return { height, width, data: withoutRim(surface, new Uint16Array(height * width), { height, width }) };
}

interface Extent {
  readonly height: number;
  readonly width: number;
}

/** Lowers every pixel to the lowest of the four neighbours that come before it in a direction, but not below the floor. */
function scan(surface: Uint16Array, floor: Uint16Array, { height, width }: Extent, direction: 1 | -1): void {
  const stride = width + 2;
  const row = -stride * direction;
  const beside = -direction;
  let pixel = direction > 0 ? stride + 1 : height * stride + width;
  for (let y = 0; y < height; y++, pixel += 2 * direction) {
    for (let x = 0; x < width; x++, pixel += direction) {
      let lowest = surface[pixel];
      if (surface[pixel + row - 1] < lowest) lowest = surface[pixel + row - 1];
      if (surface[pixel + row] < lowest) lowest = surface[pixel + row];
      if (surface[pixel + row + 1] < lowest) lowest = surface[pixel + row + 1];
      if (surface[pixel + beside] < lowest) lowest = surface[pixel + beside];
      surface[pixel] = lowest < floor[pixel] ? floor[pixel] : lowest;
    }
  }
}

/** Pixels, each at most once, in the order in which they came. */
interface Queue {
  readonly ring: Int32Array;
  readonly waiting: Uint8Array;
  count: number;
}

/** The pixels from which something later in reading order can still sink. */
function unfinished(surface: Uint16Array, floor: Uint16Array, { height, width }: Extent): Queue {
  const stride = width + 2;
  const queue: Queue = {
    ring: new Int32Array(surface.length),
    waiting: new Uint8Array(surface.length),
    count: 0,
  };
  const sinks = (neighbour: number, level: number): boolean =>
    surface[neighbour] > level && surface[neighbour] > floor[neighbour];
  for (let y = 0, pixel = stride + 1; y < height; y++, pixel += 2) {
    for (let x = 0; x < width; x++, pixel++) {
      const level = surface[pixel];
      const below = pixel + stride;
      if (sinks(pixel + 1, level) || sinks(below - 1, level) || sinks(below, level) || sinks(below + 1, level)) {
        queue.ring[queue.count++] = pixel;
        queue.waiting[pixel] = 1;
      }
    }
  }
  return queue;
}

/** Lets neighbours sink until nothing changes. */
function spread(surface: Uint16Array, floor: Uint16Array, queue: Queue, neighbours: readonly number[]): void {
  const { ring, waiting } = queue;
  const length = ring.length;
  for (let first = 0; queue.count > 0; first = first + 1 === length ? 0 : first + 1) {
    const pixel = ring[first];
    queue.count--;
    waiting[pixel] = 0;
    const level = surface[pixel];
    for (const step of neighbours) {
      const neighbour = pixel + step;
      if (surface[neighbour] <= level || surface[neighbour] === floor[neighbour]) continue;
      surface[neighbour] = level < floor[neighbour] ? floor[neighbour] : level;
      if (waiting[neighbour] !== 0) continue;
      waiting[neighbour] = 1;
      ring[(first + 1 + queue.count++) % length] = neighbour;
    }
  }
}
