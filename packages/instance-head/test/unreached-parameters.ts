import { add, mul, type Scalar, sum, type Tensor, tensor, type Variable, variableGrads } from '@tensorflow/tfjs-core';
import type { ParamScope } from '@pffnet/tensor-ops';
import { randomStream } from '@pffnet/structures';

/** Paths of the parameters whose gradient is absent or zero when every output number counts with a weight of its own. */
export function unreachedParameters(scope: ParamScope, run: () => Tensor[]): string[] {
  const stream = randomStream(2, 'unreached-parameters');
  const weighted = (output: Tensor): Tensor =>
    sum(
      mul(
        output,
        tensor(
          Float32Array.from({ length: output.size }, () => stream.normal()),
          output.shape,
        ),
      ),
    );
  const variables = scope.variables();
  const { grads } = variableGrads(
    () =>
      run()
        .map(weighted)
        .reduce((total, term) => add(total, term)) as Scalar,
    [...variables.values()] as Variable[],
  );
  const byName = new Map([...variables].map(([path, variable]) => [path, grads[variable.name]]));
  return [...byName].filter(([, gradient]) => !gradient?.dataSync().some((value) => value !== 0)).map(([path]) => path);
}
