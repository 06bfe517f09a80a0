// Rates of convolutions and their gradients on the WASM engine, at the shapes of the networks.
// Run: npm run build && node tools/bench/wasm-conv.mjs [wall|cpu]
// Each line: GFLOP of one pass, then GFLOP per second of tfjs's own forward kernel (one thread), and of ours: forward,
// gradient in the input, gradient in the kernel (all threads). "cpu" divides by processor time of all threads instead of
// time by the clock, which is what can be compared on a busy machine.
import '@tensorflow/tfjs-backend-wasm';
import { backend, dispose, engine, getKernel, randomUniform } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../packages/backends/dist/index.js';

const byClock = process.argv[2] !== 'cpu';
const published = getKernel('Conv2D', 'wasm').kernelFunc;
const { description } = await loadBackend('wasm');

/** name, images, side, input channels, output channels, kernel rows, kernel columns, stride */
const shapes = [
  ['3x3, 64x64, 64 channels', 1, 64, 64, 64, 3, 3, 1],
  ['3x3, 32x32, 128 channels', 1, 32, 128, 128, 3, 3, 1],
  ['3x3, 16x16, 256 channels', 1, 16, 256, 256, 3, 3, 1],
  ['3x3, 8x8, 512 channels', 1, 8, 512, 512, 3, 3, 1],
  ['3x3, 16 RoIs 14x14, 64 ch.', 16, 14, 64, 64, 3, 3, 1],
  ['3x3, 64 RoIs 14x14, 64 ch.', 64, 14, 64, 64, 3, 3, 1],
  ['3x3, 16 RoIs 14x14, 256 ch.', 16, 14, 256, 256, 3, 3, 1],
  ['3x3, 64 RoIs 14x14, 256 ch.', 64, 14, 256, 256, 3, 3, 1],
  ['1x1, 64x64, 64 to 256', 1, 64, 64, 256, 1, 1, 1],
  ['1x1, 64x64, 256 to 64', 1, 64, 256, 64, 1, 1, 1],
  ['3x3 by 2, 64x64, 64 to 128', 1, 64, 64, 128, 3, 3, 2],
  ['1x1 by 2, 64x64, 64 to 128', 1, 64, 64, 128, 1, 1, 2],
  ['7x7 by 2, 256x256, 3 to 64', 1, 256, 3, 64, 7, 7, 2],
  ['5x1, 64x64, 64 channels', 1, 64, 64, 64, 5, 1, 1],
  ['1x5, 64x64, 64 channels', 1, 64, 64, 64, 1, 5, 1],
];
const ROUNDS = 7;
const MILLISECONDS = 30;

const now = () => {
  if (byClock) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Milliseconds per run, over at least MILLISECONDS. */
function timeOf(run) {
  const start = now();
  let runs = 0;
  let elapsed = 0;
  for (; elapsed < MILLISECONDS; runs++, elapsed = now() - start) run();
  return elapsed / runs;
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const column = (value) => value.toFixed(1).padStart(8);

console.log(`${description}; GFLOP per second of ${byClock ? 'the clock' : 'processor time'}, medians of ${ROUNDS}`);
console.log(`${'shape'.padEnd(30)}   GFLOP    tfjs forward   input  kernel`);
for (const [name, images, side, ci, co, kernelRows, kernelColumns, strides] of shapes) {
  const x = randomUniform([images, side, side, ci], -1, 1);
  const filter = randomUniform([kernelRows, kernelColumns, ci, co], -1, 1);
  const [vertical, horizontal] = [(kernelRows - 1) / 2, (kernelColumns - 1) / 2];
  const pad = [
    [0, 0],
    [vertical, vertical],
    [horizontal, horizontal],
    [0, 0],
  ];
  const attrs = { strides, pad, dataFormat: 'NHWC', dimRoundingMode: 'floor', dilations: 1 };
  const dy = engine().runKernel('Conv2D', { x, filter }, attrs);
  const gflop = (2 * dy.size * ci * kernelRows * kernelColumns) / 1e9;
  const ours = (kernel, inputs, more) => () =>
    engine()
      .runKernel(kernel, inputs, { ...attrs, ...more })
      .dispose();
  const runs = [
    () => backend().disposeData(published({ inputs: { x, filter }, attrs, backend: backend() }).dataId),
    ours('Conv2D', { x, filter }),
    ours('Conv2DBackpropInput', { dy, filter }, { inputShape: x.shape }),
    ours('Conv2DBackpropFilter', { x, dy }, { filterShape: filter.shape }),
  ];
  const times = runs.map(() => []);
  for (let round = 0; round < ROUNDS; round++) runs.forEach((run, index) => times[index].push(timeOf(run)));
  const rates = times.map((each) => (1000 * gflop) / median(each));
  console.log(name.padEnd(30) + column(gflop) + rates.map(column).join(''));
  dispose([x, filter, dy]);
}
