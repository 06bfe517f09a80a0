// node check.mjs <checkout of the product, built>
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
const root = process.argv[2];
const require = createRequire(`${root}/packages/backends/dist/x.js`);
const { loadBackend } = await import(pathToFileURL(`${root}/packages/backends/dist/index.js`));
const tf = require('@tensorflow/tfjs-core');
const list = (t) => Array.from(t.dataSync());
const checks = {
  'mean of nothing': () => list(tf.mean(tf.zeros([2, 0]), 1)),
  'prod of nothing': () => list(tf.prod(tf.zeros([2, 0]), 1)),
  'cast to bool': () => list(tf.cast(tf.tensor1d([0.9, 256, -1, 2]), 'bool')),
  'maxPool of (NaN, 3)': () => list(tf.maxPool(tf.tensor4d([NaN, 3], [1, 1, 2, 1]), [1, 2], 1, 'valid')),
  'clip of NaN': () => list(tf.clipByValue([NaN], 0, 6)),
  'gather from nothing': () => tf.gather(tf.zeros([0, 2]), tf.tensor1d([], 'int32')).shape,
};
let different = 0;
const reference = {};
for (const name of ['cpu', 'wasm']) {
  await loadBackend(name);
  tf.fill([4], 42).dispose();
  for (const [what, run] of Object.entries(checks)) {
    const got = JSON.stringify(run(), (_, v) => (Number.isFinite(v) || typeof v !== 'number' ? v : String(v)));
    console.log(name, what, got);
    if (name === 'cpu') reference[what] = got;
    else if (got !== reference[what]) different++;
  }
}
console.log('different:', different);
process.exit(different ? 1 : 0);
