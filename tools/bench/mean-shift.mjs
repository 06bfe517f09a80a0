/**
 * How long it takes to part a foreground by its embeddings: `node tools/bench/mean-shift.mjs [--side 1000] [--rounds 5]`, on
 * discs as dense as nuclei, 16 numbers per pixel that lie about their object's mean, as a network gives them that has learned
 * (0.1 from it) and one that has not (1). Milliseconds of processor time, user and system, of one thread; medians over rounds.
 * Needs `npm run build` beforehand.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { clusterObjects } from '@pffnet/pixel-networks';
import { labelMap, randomStream } from '@pffnet/structures';

const { values: options } = parseArgs({
  options: { side: { type: 'string', default: '1000' }, rounds: { type: 'string', default: '5' } },
});
const side = Number(options.side);
const dimensions = 16;

/** A disc of 8 to 22 pixels' radius per 1,100 pixels; later ones cover earlier ones. */
function discs(stream) {
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

/** Foreground, and embeddings within about `spread` of a mean per object; means lie some 3 apart, the push of the loss. */
function embedded(spread, stream) {
  const labels = discs(stream);
  const foreground = Float32Array.from(labels.data, (id) => (id === 0 ? 0 : 1));
  const means = new Map();
  const normal = () => stream.uniform() + stream.uniform() + stream.uniform() + stream.uniform() - 2;
  const values = [];
  for (const id of labels.data) {
    if (id === 0) continue;
    if (!means.has(id))
      means.set(
        id,
        Array.from({ length: dimensions }, () => normal()),
      );
    for (const mean of means.get(id)) values.push(mean + (spread * normal()) / Math.sqrt(dimensions));
  }
  const size = { height: side, width: side, dimensions };
  return { ...size, foreground, embeddings: Float32Array.from(values), embeddedAbove: 0.5 };
}

console.log(`${side} x ${side}, load ${loadavg()[0].toFixed(1)}: milliseconds, median (least)`);
for (const [name, spread] of [
  ['learned', 0.1],
  ['not learned', 1],
]) {
  const pixels = embedded(spread, randomStream(0, 'bench/mean-shift'));
  const times = [];
  let found = 0;
  for (let round = 0; round < Number(options.rounds); round++) {
    const before = process.cpuUsage();
    const { data } = clusterObjects(pixels, { minForeground: 0.5, bandwidth: 1, minArea: 20 });
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
    found = data.reduce((most, id) => Math.max(most, id), 0);
  }
  times.sort((a, b) => a - b);
  const [median, least] = [times[Math.floor(times.length / 2)], times[0]];
  console.log(`${name}: ${median.toFixed(0)} (${least.toFixed(0)}), ${found} objects`);
}
