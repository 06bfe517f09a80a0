/**
 * How long scoring takes, and how much memory: `node tools/bench/metrics.mjs` after `npx tsc --build packages/metrics/tsconfig.lib.json`.
 * Where python3 has numpy and SciPy, the small pair is scored there too (metrics_numpy.py: one full-size mask per
 * object, as HoVer-Net's functions work), the values are compared and the ratio of times is printed. With
 * `HOVER_NET=<clone of vqdang/hover_net>` its own functions run instead. `PYTHON` names another interpreter.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { aji, ajiOnce, ajiOnceLegacy, ajiPlus, dice, overlapTable, panopticQuality, scoreImage } from '@pffnet/metrics';
import { randomStream } from '@pffnet/structures';

/** Discs on a jittered grid, about `count` of them; ids in random order, as instances come out of a network. */
function cells(side, count, radius, seed) {
  const random = randomStream(seed, 'cells');
  const columns = Math.round(Math.sqrt(count));
  const pitch = side / columns;
  const data = new Uint32Array(side * side);
  for (let cell = 0; cell < columns * columns; cell++) {
    const cy = (Math.floor(cell / columns) + 0.5 + 0.4 * (random.uniform() - 0.5)) * pitch;
    const cx = ((cell % columns) + 0.5 + 0.4 * (random.uniform() - 0.5)) * pitch;
    const r = radius * (0.7 + 0.6 * random.uniform());
    const id = 1 + ((cell * 7919) % (columns * columns));
    if (random.uniform() < 0.05) continue;
    for (let y = Math.max(0, Math.ceil(cy - r)); y < Math.min(side, cy + r); y++) {
      const half = Math.sqrt(r * r - (y - cy) ** 2);
      const from = Math.max(0, Math.ceil(cx - half));
      data.fill(id, y * side + from, Math.max(y * side + from, y * side + Math.min(side, Math.floor(cx + half) + 1)));
    }
  }
  return { height: side, width: side, data };
}

/** Median milliseconds of a call. */
function milliseconds(call, rounds) {
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    call();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)];
}

const line = (text) => process.stdout.write(`${text}\n`);
const shown = (ms) => (ms < 1000 ? `${ms.toFixed(2)} ms` : `${(ms / 1000).toFixed(2)} s`);
const print = (what, ms) => line(`  ${what.padEnd(34)}${shown(ms)}`);

function bench(title, prediction, truth, rounds) {
  const first = performance.now();
  const table = overlapTable(prediction, truth);
  const cold = performance.now() - first;
  line(
    `${title}: ${table.truthIds.length} true, ${table.predictedIds.length} predicted objects, ${table.pairArea.length} pairs`,
  );
  print('overlapTable, first call', cold);
  print(
    'overlapTable',
    milliseconds(() => overlapTable(prediction, truth), rounds),
  );
  const metrics = { aji, ajiPlus, ajiOnce, ajiOnceLegacy, dice, panopticQuality };
  for (const [name, metric] of Object.entries(metrics))
    print(
      name,
      milliseconds(() => metric(table), rounds),
    );
  const all = milliseconds(() => scoreImage('bench', prediction, truth), rounds);
  print('scoreImage (everything)', all);
  return all;
}

/** Voronoi-like territories without background: every object touches its neighbours, so the overlaps are one component. */
function territories(side, count, seed) {
  const random = randomStream(seed, 'territories');
  const columns = Math.round(Math.sqrt(count));
  const pitch = side / columns;
  const points = Array.from({ length: columns * columns }, (_, at) => [
    (Math.floor(at / columns) + random.uniform()) * pitch,
    ((at % columns) + random.uniform()) * pitch,
  ]);
  const data = new Uint32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [row, column] = [Math.floor(y / pitch), Math.floor(x / pitch)];
      let nearest = Infinity;
      for (let r = Math.max(0, row - 1); r <= Math.min(columns - 1, row + 1); r++) {
        for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
          const [py, px] = points[r * columns + c];
          const distance = (py - y) ** 2 + (px - x) ** 2;
          if (distance < nearest) [nearest, data[y * side + x]] = [distance, r * columns + c + 1];
        }
      }
    }
  }
  return { height: side, width: side, data };
}

const prediction = cells(1000, 1225, 10, 1);
const truth = cells(1000, 1225, 10, 2);
const ours = bench('1000 x 1000, cells', prediction, truth, 25);
compareWithNumpy(prediction, truth, ours);
bench('1000 x 1000, touching territories', territories(1000, 4900, 1), territories(1000, 4900, 2), 9);
if (!process.argv.includes('--small')) {
  bench('10,000 x 10,000, cells', cells(10_000, 200_000, 8, 1), cells(10_000, 200_000, 8, 2), 3);
}
line(`peak memory of the process: ${(process.resourceUsage().maxRSS / 2 ** 20).toFixed(2)} GiB`);

function compareWithNumpy(prediction, truth, ours) {
  const folder = mkdtempSync(join(tmpdir(), 'pffnet-bench-'));
  try {
    for (const [name, { data }] of Object.entries({ prediction, truth })) {
      writeFileSync(join(folder, `${name}.bin`), new Uint8Array(data.buffer));
    }
    const { PYTHON = 'python3', HOVER_NET } = process.env;
    const clone = HOVER_NET === undefined ? [] : [HOVER_NET];
    const script = new URL('metrics_numpy.py', import.meta.url).pathname;
    const { status, stdout } = spawnSync(PYTHON, [script, folder, String(truth.width), ...clone], { encoding: 'utf8' });
    if (status !== 0) {
      line('  (no python3 with numpy and SciPy here: nothing to compare with)');
      return;
    }
    const { seconds, values } = JSON.parse(stdout);
    const scores = scoreImage('bench', prediction, truth);
    for (const [name, value] of Object.entries(values)) {
      if (Math.abs(value - scores[name]) > 1e-9) throw new Error(`${name}: ours ${scores[name]}, numpy ${value}`);
    }
    let total = 0;
    for (const [name, duration] of Object.entries(seconds)) {
      print(`${clone.length > 0 ? 'HoVer-Net' : 'numpy, mask by mask'}: ${name}`, 1000 * duration);
      total += duration;
    }
    line(
      `  Python in all ${shown(1000 * total)}: ${Math.round((1000 * total) / ours)} times scoreImage; values equal to 1e-9`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
