export { assertShape } from './assert-shape.ts';
export { type Conv2d, conv2d, type Conv2dSpec } from './nn/conv2d.ts';
export { type Dense, dense, type DenseSpec } from './nn/dense.ts';
export { type GroupNorm, groupNorm, type GroupNormSpec } from './nn/group-norm.ts';
export { constant, type Initializer, kaimingNormal, kaimingUniform, normal } from './nn/initializers.ts';
export { ParamScope } from './nn/param-scope.ts';
export { groupNormalize } from './ops/group-normalize.ts';
