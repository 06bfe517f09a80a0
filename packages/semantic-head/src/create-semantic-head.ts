import type { ParamScope } from '@pffnet/tensor-ops';
import { kindNamed } from '@pffnet/structures';
import type { SemanticHead, SemanticHeadKind, SemanticHeadSpec } from './semantic-head.ts';
import { type SemanticHeadConfig, semanticHeads } from './semantic-heads.ts';

/**
 * Makes the semantic branch that a config names. A network without one makes none.
 * @param scope - where the parameters are declared.
 * @throws ConfigError if there is no such kind, or a size is impossible.
 */
export function createSemanticHead(
  scope: ParamScope,
  spec: SemanticHeadSpec,
  config: SemanticHeadConfig,
): SemanticHead {
  const kind: SemanticHeadKind = kindNamed(semanticHeads, config.kind, 'semanticHead.kind');
  return kind.create(scope, spec, config as never);
}
