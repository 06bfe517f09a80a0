/**
 * How long the steps from a distance map to objects take: `node tools/bench/watershed.mjs [--side 1000] [--rounds 15]`, on
 * discs as dense as nuclei whose distances are disturbed by up to half a pixel. Milliseconds of processor time, user and system, of one
 * thread; medians over rounds, the first two left out, in which functions are compiled. Needs `npm run build` beforehand.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { depthsOf, separateObjects } from '@pffnet/dist-network';
import { chessboardDistance, fillShallowMinima, labelMinima, watershed } from '@pffnet/postprocess';
import { labelMap, randomStream } from '@pffnet/structures';

const { values: options } = parseArgs({
  options: { side: { type: 'string', default: '1000' }, rounds: { type: 'string', default: '15' } },
});
const side = Number(options.side);
const stream = randomStream(0, 'bench/watershed');

/** A disc of 8 to 22 pixels' radius per 1,100 pixels; later ones cover earlier ones. */
function discs() {
  const labels = labelMap(side, side);
  for (let id = 1; id <= (side * side) / 1100; id++) {
    const [middleY, middleX, radius] = [stream.uniform() * side, stream.uniform() * side, 8 + 14 * stream.uniform()];
    for (let y = Math.max(0, Math.ceil(middleY - radius)); y < Math.min(side, middleY + radius); y++) {
      for (let x = Math.max(0, Math.ceil(middleX - radius)); x < Math.min(side, middleX + radius); x++) {
        if (Math.hypot(y - middleY, x - middleX) < radius) labels.data[y * side + x] = id;
      }
    }
  }
  return labels;
}

const times = new Map();
function timed(name, run) {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  times.set(name, [...(times.get(name) ?? []), (user + system) / 1000]);
  return result;
}

const labels = discs();
for (let round = 0; round < Number(options.rounds); round++) {
  const truth = timed('chessboardDistance', () => chessboardDistance(labels));
  const distances = Float32Array.from(truth, (distance) => distance + stream.uniform() - 0.5);
  const depths = { height: side, width: side, data: depthsOf(distances) };
  const mask = Uint8Array.from(distances, (distance) => (distance > 0.5 ? 1 : 0));
  const filled = timed('fillShallowMinima', () => fillShallowMinima(depths, 16));
  const markers = timed('labelMinima', () => labelMinima(filled, mask));
  timed('watershed', () => watershed(filled, markers, mask));
  timed('separateObjects', () => separateObjects(depths, { minDistance: 0.5, minDepth: 1, borders: 'removed' }));
}
console.log(`${side} x ${side}, load ${loadavg()[0].toFixed(1)}: milliseconds, median (least)`);
for (const [name, all] of times) {
  const sorted = all.slice(2).sort((a, b) => a - b);
  console.log(`${name}: ${sorted[Math.floor(sorted.length / 2)].toFixed(0)} (${sorted[0].toFixed(0)})`);
}
