import type { ParamScope } from '@pffnet/tensor-ops';
import { ConfigError } from '@pffnet/structures';
import { type GcnConfig, GcnHead } from './gcn-head.ts';
import { type JsisConfig, JsisHead } from './jsis-head.ts';
import { type PanopticFpnConfig, PanopticFpnHead } from './panoptic-fpn-head.ts';
import type { SemanticHead, SemanticHeadSpec } from './semantic-head.ts';

/** Which semantic branch, and its sizes. */
export type SemanticHeadConfig = GcnConfig | PanopticFpnConfig | JsisConfig;

/**
 * Makes the semantic branch that a config names. A network without one makes none.
 * @param scope - where the parameters are declared.
 * @throws ConfigError if a size is impossible.
 */
export function createSemanticHead(
  scope: ParamScope,
  spec: SemanticHeadSpec,
  config: SemanticHeadConfig,
): SemanticHead {
  switch (config.kind) {
    case 'gcn':
      return new GcnHead(scope, spec, config);
    case 'panoptic-fpn':
      return new PanopticFpnHead(scope, spec, config);
    case 'jsis':
      return new JsisHead(scope, spec, config);
    default: {
      const { kind } = config satisfies never as { kind: unknown };
      throw new ConfigError(`semanticHead.kind: expected gcn, panoptic-fpn or jsis, got ${String(kind)}`);
    }
  }
}
