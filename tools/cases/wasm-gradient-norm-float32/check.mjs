// node check.mjs <checkout of the product, built>
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
const root = process.argv[2];
const require = createRequire(`${root}/packages/backends/dist/x.js`);
const { loadBackend } = await import(pathToFileURL(`${root}/packages/backends/dist/index.js`));
const tf = require('@tensorflow/tfjs-core');
let s = 7;
const next = () => (s = (Math.imul(s, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const normal = () => {
  let t = 0;
  for (let i = 0; i < 6; i++) t += next();
  return (t - 3) * 1.41;
};
const kernels = [
  [3136, 512],
  [3, 3, 512, 512],
  [12544, 1024],
].map((shape) => [shape, Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => 1e-3 * normal())]);
let worst = 0;
for (const name of ['cpu', 'wasm']) {
  await loadBackend(name);
  for (const [shape, data] of kernels) {
    const exact = Math.sqrt(data.reduce((t, v) => t + v * v, 0));
    const norm = Math.sqrt(tf.sum(tf.square(tf.tensor(data, shape))).dataSync()[0]); // as train-step.ts sums
    const off = norm / exact - 1;
    console.log(name, shape.join('x'), 'norm off by', (100 * off).toFixed(4), '%');
    if (name === 'wasm') worst = Math.max(worst, Math.abs(off));
  }
}
process.exit(worst < 1e-5 ? 0 : 1);
