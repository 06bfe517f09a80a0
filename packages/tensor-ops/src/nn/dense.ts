import { add, matMul, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { assertShape } from '../assert-shape.ts';
import { constant, type Initializer, kaimingUniform } from './initializers.ts';
import type { ParamScope } from './param-scope.ts';

/** A fully connected layer's shape. */
export interface DenseSpec {
  readonly inputs: number;
  readonly outputs: number;
  /** Whether a bias is added; true by default. */
  readonly bias?: boolean;
  /** Kaiming-uniform by default. */
  readonly init?: Initializer;
  /** Zeros by default. */
  readonly biasInit?: Initializer;
}

/** [n, inputs] -> [n, outputs]. */
export type Dense = (x: Tensor2D) => Tensor2D;

/** A fully connected layer. Parameters: `kernel` [inputs, outputs] and `bias` [outputs]. */
export function dense(scope: ParamScope, spec: DenseSpec): Dense {
  const { inputs, outputs, bias = true, init = kaimingUniform, biasInit = constant(0) } = spec;
  const weights = scope.param('kernel', [inputs, outputs], init);
  const offset = bias ? scope.param('bias', [outputs], biasInit) : undefined;
  return (x) => {
    assertShape('dense', 'x', x, ['n', inputs]);
    return tidy(() => {
      const y: Tensor2D = matMul(x, weights as unknown as Tensor2D);
      return offset === undefined ? y : add(y, offset);
    });
  };
}
