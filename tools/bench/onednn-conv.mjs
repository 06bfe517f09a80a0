/**
 * GFLOP/s of convolutions and products in shapes of the network, forward and both gradients: our TensorFlow.js backend,
 * beside oneDNN's own primitive called from C++ in the layouts it likes best, beside the WebAssembly engine. All in one
 * run, call by call in turn, the best of several each:
 * `node tools/bench/onednn-conv.mjs [--no-wasm] [--json] [--only 'C2 3x3,FPN 64']` after `npm run build`. On a busy
 * machine `PFFNET_NUM_THREADS=1` compares better: two threads wait for each other, one is timed by its processor.
 */
import { parseArgs } from 'node:util';
import { loadBackend } from '@pffnet/backends';
import { engine, matMul, randomNormal, setBackend, tidy } from '@tensorflow/tfjs-core';

/** batch, side, channels in, channels out, kernel, stride */
const convolutions = [
  ['stem', 1, 256, 3, 64, 7, 2],
  ['C2 3x3', 1, 64, 64, 64, 3, 1],
  ['C3 3x3', 1, 32, 128, 128, 3, 1],
  ['C4 3x3', 1, 16, 256, 256, 3, 1],
  ['C5 3x3', 1, 8, 512, 512, 3, 1],
  ['C3 stride 2', 1, 64, 64, 128, 3, 2],
  ['C5 stride 2', 1, 16, 256, 512, 3, 2],
  ['R-101 C2 down', 1, 64, 256, 64, 1, 1],
  ['R-101 C3 up', 1, 32, 128, 512, 1, 1],
  ['R-101 C4 down', 1, 16, 1024, 256, 1, 1],
  ['R-101 C4 up', 1, 16, 256, 1024, 1, 1],
  ['R-101 C5 up', 1, 8, 512, 2048, 1, 1],
  ['FPN lateral C5', 1, 8, 2048, 256, 1, 1],
  ['FPN 64', 1, 64, 64, 64, 3, 1],
  ['FPN 256', 1, 64, 256, 256, 3, 1],
  ['RPN 256 on P5', 1, 8, 256, 256, 3, 1],
  ['mask head 64', 16, 14, 64, 64, 3, 1],
  ['mask head 256', 64, 14, 256, 256, 3, 1],
  ['mask head 64, 28', 16, 28, 64, 64, 3, 1],
  ['mask logits 256', 64, 28, 256, 2, 1, 1],
  ['pixel shuffle', 16, 14, 64, 256, 3, 1],
];
/** batch of a, batch of b, m, n, k, a transposed, b transposed */
const products = [
  ['box head small', 1, 1, 16, 512, 3136, 0, 0],
  ['its input', 1, 1, 16, 3136, 512, 0, 1],
  ['its weights', 1, 1, 3136, 512, 16, 1, 0],
  ['box head paper', 1, 1, 512, 1024, 12544, 0, 0],
  ['its input', 1, 1, 512, 12544, 1024, 0, 1],
  ['its weights', 1, 1, 12544, 1024, 512, 1, 0],
  ['RoIAlign rows', 1, 1, 112, 4096, 64, 0, 0],
  ['RoIAlign columns', 112, 112, 7, 448, 64, 0, 0],
  ['mask pasting', 32, 32, 256, 256, 28, 0, 0],
];
const passes = ['forward', 'input', 'kernel'];
const repeats = 7;

/** The least seconds of each of several ways, called in turn. */
function bestOf(...ways) {
  const seconds = ways.map(() => Infinity);
  for (let i = 0; i <= repeats; i++) {
    for (const [index, way] of ways.entries()) {
      const spent = way();
      if (i > 0) seconds[index] = Math.min(seconds[index], spent);
    }
  }
  return seconds;
}

/** Seconds that pass; with one thread those of the processor, which other work on the machine does not lengthen. */
function seconds() {
  if (addon.about().threads !== 1) return performance.now() / 1000;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Seconds of a call with its data in the caches: the way called before this one has driven them out. */
const timed = (run) => () => {
  run();
  const start = seconds();
  run();
  return seconds() - start;
};

/** One pass of a convolution on the engine in use. */
function convolutionCall(pass, [, batch, side, channels, out, kernel, stride]) {
  const to = Math.ceil(side / stride);
  const attrs = { strides: stride, pad: 'same', dataFormat: 'NHWC', dimRoundingMode: 'floor' };
  const x = randomNormal([batch, side, side, channels]);
  const filter = randomNormal([kernel, kernel, channels, out]);
  const dy = randomNormal([batch, to, to, out]);
  const calls = {
    forward: ['Conv2D', { x, filter }, { ...attrs, dilations: 1 }],
    input: ['Conv2DBackpropInput', { dy, filter }, { ...attrs, inputShape: x.shape }],
    kernel: ['Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape: filter.shape }],
  };
  return () =>
    engine()
      .runKernel(...calls[pass])
      .dispose();
}

/** The same convolution in the addon's numbers. */
function layoutOf([, batch, side, channels, out, kernel, stride]) {
  const to = Math.ceil(side / stride);
  const pad = Math.max(0, (to - 1) * stride + kernel - side);
  const [before, after] = [Math.floor(pad / 2), Math.ceil(pad / 2)];
  const images = [batch, side, side, channels, to, to, out];
  return Int32Array.from([...images, kernel, kernel, stride, stride, 1, 1, before, after, before, after, 1]);
}

const { values: options } = parseArgs({
  options: {
    'no-wasm': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const chosen = options.only?.split(',');
const asked = ([name]) => chosen === undefined || chosen.includes(name);
const withWasm = !options['no-wasm'];
if (withWasm) await loadBackend('wasm');
await loadBackend('onednn');
const { addon } = engine().backend;
const rows = [];
for (const shape of convolutions.filter(asked)) {
  const [name, batch, side, channels, out, kernel, stride] = shape;
  const to = Math.ceil(side / stride);
  const gflop = (2 * batch * to * to * kernel * kernel * channels * out) / 1e9;
  for (const pass of passes) {
    await setBackend('onednn');
    const layout = layoutOf(shape);
    const [ours, own] = tidy(() =>
      bestOf(timed(convolutionCall(pass, shape)), () => addon.secondsOfPrimitive(pass, layout, 1)),
    );
    let wasm;
    if (withWasm) {
      await setBackend('wasm');
      wasm = gflop / tidy(() => bestOf(timed(convolutionCall(pass, shape))))[0];
    }
    rows.push({ name, pass, ours: gflop / ours, primitive: gflop / own, wasm });
  }
}
await setBackend('onednn');
for (const [name, aBatch, bBatch, m, n, k, transposeA, transposeB] of products.filter(asked)) {
  const gflop = (2 * Math.max(aBatch, bBatch) * m * n * k) / 1e9;
  const [ours, own] = tidy(() => {
    const a = randomNormal(transposeA ? [aBatch, k, m] : [aBatch, m, k]);
    const b = randomNormal(transposeB ? [bBatch, n, k] : [bBatch, k, n]);
    const run = () => matMul(a, b, transposeA === 1, transposeB === 1).dispose();
    const product = Int32Array.of(aBatch, bBatch, m, n, k, transposeA, transposeB);
    return bestOf(timed(run), () => addon.secondsOfProduct(product, 1));
  });
  rows.push({ name, pass: 'product', ours: gflop / ours, primitive: gflop / own });
}

if (options.json) {
  console.log(JSON.stringify({ ...addon.about(), rows }));
} else {
  const { version, threads } = addon.about();
  console.log(`oneDNN ${version}, ${threads} threads; GFLOP/s`);
  console.log(['shape'.padEnd(18), 'pass   ', 'backend', 'primitive', 'share', '  wasm'].join('  '));
  for (const { name, pass, ours, primitive, wasm } of rows) {
    const cells = [
      ours.toFixed(0).padStart(7),
      primitive.toFixed(0).padStart(9),
      (ours / primitive).toFixed(2).padStart(5),
    ];
    console.log([name.padEnd(18), pass.padEnd(7), ...cells, wasm?.toFixed(0).padStart(6) ?? ''].join('  '));
  }
  const mean = (of) => Math.exp(rows.reduce((total, row) => total + Math.log(of(row)), 0) / rows.length);
  console.log(
    `geometric means: ${mean(({ ours }) => ours).toFixed(0)} GFLOP/s, ${mean(({ ours, primitive }) => ours / primitive).toFixed(2)} of the primitive`,
  );
}
