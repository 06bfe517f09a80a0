/**
 * GFLOP/s of convolutions and products in shapes of the network, forward and both gradients: our TensorFlow.js backend,
 * beside oneDNN's own primitive called from C++ in the layouts it likes best, beside the WebAssembly engine. All in one
 * run, interleaved, the best of several calls each: `node tools/bench/onednn-conv.mjs [--no-wasm] [--json]` after
 * `npm run build`.
 */
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
  ['R-101 1x1', 1, 64, 256, 64, 1, 1],
  ['R-101 1x1 up', 1, 16, 256, 1024, 1, 1],
  ['FPN 64', 1, 64, 64, 64, 3, 1],
  ['FPN 256', 1, 64, 256, 256, 3, 1],
  ['mask head 64', 16, 14, 64, 64, 3, 1],
  ['mask head 256', 64, 14, 256, 256, 3, 1],
  ['mask head 64, 28', 16, 28, 64, 64, 3, 1],
  ['pixel shuffle', 16, 14, 64, 256, 3, 1],
];
/** m, k, n: the box head */
const products = [
  ['box head small', 16, 3136, 512],
  ['box head paper', 512, 12544, 1024],
];
const passes = ['forward', 'input', 'kernel'];
const repeats = 7;

function best(run) {
  run();
  let seconds = Infinity;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    run();
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  return seconds;
}

/** Seconds of one pass of a convolution on the engine in use. */
function secondsOf(pass, [, batch, side, channels, out, kernel, stride]) {
  const to = Math.ceil(side / stride);
  const attrs = { strides: stride, pad: 'same', dataFormat: 'NHWC', dimRoundingMode: 'floor' };
  return tidy(() => {
    const x = randomNormal([batch, side, side, channels]);
    const filter = randomNormal([kernel, kernel, channels, out]);
    const dy = randomNormal([batch, to, to, out]);
    const calls = {
      forward: ['Conv2D', { x, filter }, { ...attrs, dilations: 1 }],
      input: ['Conv2DBackpropInput', { dy, filter }, { ...attrs, inputShape: x.shape }],
      kernel: ['Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape: filter.shape }],
    };
    return best(() =>
      engine()
        .runKernel(...calls[pass])
        .dispose(),
    );
  });
}

/** Seconds of oneDNN's own primitive for the same pass. */
function secondsOfPrimitive(addon, pass, [, batch, side, channels, out, kernel, stride]) {
  const to = Math.ceil(side / stride);
  const pad = Math.max(0, (to - 1) * stride + kernel - side);
  const [before, after] = [Math.floor(pad / 2), Math.ceil(pad / 2)];
  const shape = [
    batch,
    side,
    side,
    channels,
    to,
    to,
    out,
    kernel,
    kernel,
    stride,
    stride,
    1,
    1,
    before,
    after,
    before,
    after,
    1,
  ];
  return addon.secondsOfPrimitive(pass, Int32Array.from(shape), repeats);
}

const withWasm = !process.argv.includes('--no-wasm');
if (withWasm) await loadBackend('wasm');
await loadBackend('onednn');
const { addon } = engine().backend;
const rows = [];
for (const shape of convolutions) {
  const [name, batch, side, channels, out, kernel, stride] = shape;
  const to = Math.ceil(side / stride);
  const gflop = (2 * batch * to * to * kernel * kernel * channels * out) / 1e9;
  for (const pass of passes) {
    await setBackend('onednn');
    const [ours, own] = [secondsOf(pass, shape), secondsOfPrimitive(addon, pass, shape)];
    let wasm;
    if (withWasm) {
      await setBackend('wasm');
      wasm = gflop / secondsOf(pass, shape);
    }
    rows.push({ name, pass, ours: gflop / ours, primitive: gflop / own, wasm });
  }
}
for (const [name, m, k, n] of products) {
  const gflop = (2 * m * k * n) / 1e9;
  const run = () => tidy(() => best(() => matMul(a, b).dispose()));
  await setBackend('onednn');
  let [a, b] = [randomNormal([m, k]), randomNormal([k, n])];
  const ours = run();
  const own = addon.secondsOfProduct(Int32Array.of(1, 1, m, n, k, 0, 0), repeats);
  rows.push({ name, pass: 'forward', ours: gflop / ours, primitive: gflop / own });
  a.dispose();
  b.dispose();
}

if (process.argv.includes('--json')) {
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
