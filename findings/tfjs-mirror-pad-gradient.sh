#!/usr/bin/env bash
# @tensorflow/tfjs-core 4.22.0: the gradient of tf.mirrorPad drops the border.
#
# Behaviour: reflected pixels are copies of pixels inside, yet their gradient is not handed back; what is returned is the
# middle of the upstream gradient, as for padding with a constant. No error is raised.
# Output seen:
#   d sum(mirrorPad([1, 2, 3], 1 before and after)) / dx: 1,1,1
#   by finite differences: 1,3,1
# Expected: 1,3,1 (the 2 is read three times), as in TensorFlow and PyTorch.
# Why it matters here: networks that mirror the borders of microscopy images (U-Net, DIST) would learn from wrong
# gradients there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 \
  @tensorflow/tfjs-layers@4.22.0
cat >check.cjs <<'SCRIPT'
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
require('@tensorflow/tfjs-layers'); // registers the gradients of tfjs-core's ops
const f = (x) => tf.sum(tf.mirrorPad(x, [[1, 1]], 'reflect'));
const x = [1, 2, 3];
const gradient = String(tf.grad(f)(tf.tensor1d(x)).dataSync());
const value = (at, by) => f(tf.tensor1d(x.map((v, i) => (i === at ? v + by : v)))).dataSync()[0];
const differences = String(x.map((_, i) => Math.round(value(i, 0.5) - value(i, -0.5))));
console.log(`d sum(mirrorPad([1, 2, 3], 1 before and after)) / dx: ${gradient}`);
console.log(`by finite differences: ${differences}`);
process.exit(gradient === '1,1,1' && differences === '1,3,1' ? 0 : 1);
SCRIPT
node check.cjs 2>/dev/null
