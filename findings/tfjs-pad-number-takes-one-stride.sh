#!/usr/bin/env bash
# @tensorflow/tfjs-core 4.22.0: with a number as padding, convolutions and pooling take the rows' stride and window for
# the columns, too.
#
# Behaviour: conv2d of 5 x 6 pixels with a 3 x 2 kernel, strides [1, 2] and pad 1 gives 5 x 6 numbers, of which the last
# columns are made of nothing (0; avgPool: NaN, maxPool: -Infinity). The same padding written out, [[0,0],[1,1],[1,1],[0,0]],
# gives the 5 x 4 that it should. No error is raised.
# Output seen:
#   pad 1: 1,5,6,1
#   pad [[0,0],[1,1],[1,1],[0,0]]: 1,5,4,1
#   last column of avgPool with pad 1: NaN,NaN,NaN,NaN,NaN
# Expected: 1,5,4,1 both times: (6 + 2 - 2) / 2 + 1 = 4 columns.
# Why it matters here: networks with kernels of 1 x k and k x 1 (global convolutions) or strides along one axis get maps of
# another size, whose surplus columns are made up.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
cat >check.cjs <<'SCRIPT'
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
const x = tf.ones([1, 5, 6, 1]);
const around = [[0, 0], [1, 1], [1, 1], [0, 0]];
const shapeOf = (pad) => String(tf.conv2d(x, tf.ones([3, 2, 1, 1]), [1, 2], pad).shape);
const [number, written] = [shapeOf(1), shapeOf(around)];
const pooled = tf.avgPool(x, [3, 2], [1, 2], 1);
const last = String(tf.slice(pooled, [0, 0, pooled.shape[2] - 1, 0], [1, 5, 1, 1]).dataSync());
console.log(`pad 1: ${number}`);
console.log(`pad ${JSON.stringify(around)}: ${written}`);
console.log(`last column of avgPool with pad 1: ${last}`);
process.exit(number === '1,5,6,1' && written === '1,5,4,1' && last === 'NaN,NaN,NaN,NaN,NaN' ? 0 : 1);
SCRIPT
node check.cjs 2>/dev/null
