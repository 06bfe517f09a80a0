import type { ParamScope } from '@pffnet/tensor-ops';

/**
 * Multiplies a parameter. Predictors start at N(0, 0.01), which makes every gradient behind them too small to compare
 * with finite differences.
 */
export function scaleParameter(scope: ParamScope, path: string, factor: number): void {
  const variable = scope.variables().get(path);
  if (variable === undefined) throw new Error(`there is no parameter ${path}`);
  const data = (variable.dataSync() as Float32Array).map((value) => factor * value);
  scope.assign(new Map([[path, { shape: variable.shape, data }]]));
}
