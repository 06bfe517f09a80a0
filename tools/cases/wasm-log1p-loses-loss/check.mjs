// node check.mjs <checkout of the product, built>
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
const root = process.argv[2];
const require = createRequire(`${root}/packages/backends/dist/x.js`);
const { loadBackend } = await import(pathToFileURL(`${root}/packages/backends/dist/index.js`));
const { semanticLoss } = await import(pathToFileURL(`${root}/packages/losses/dist/index.js`));
const tf = require('@tensorflow/tfjs-core');
let worst = 0;
for (const name of ['cpu', 'wasm']) {
  await loadBackend(name);
  for (const contrast of [10, 13, 15, 16, 17, 20]) {
    const logits = tf.tensor4d(
      Float32Array.from({ length: 64 * 64 * 2 }, (_, i) => (i % 2 ? 0 : contrast)),
      [1, 64, 64, 2],
    );
    const loss = semanticLoss({ logits, foreground: new Uint8Array(64 * 64) }).dataSync()[0];
    const exact = Math.log1p(Math.exp(-contrast));
    console.log(
      name,
      'contrast',
      contrast,
      'loss',
      loss,
      'right',
      exact,
      'off by',
      (100 * (loss / exact - 1)).toFixed(2),
      '%',
    );
    if (name === 'wasm') worst = Math.max(worst, Math.abs(loss / exact - 1));
  }
}
process.exit(worst < 1e-3 ? 0 : 1);
