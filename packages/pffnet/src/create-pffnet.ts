import { type Backbone, createBackbone, frozenPrefixes } from '@pffnet/backbone';
import { createFusion, type FeatureFusion } from '@pffnet/fusion';
import { createInstanceHead, type InstanceHead } from '@pffnet/instance-head';
import { createSemanticHead, PyramidSemanticMap, type SemanticHead } from '@pffnet/semantic-head';
import { ParamScope } from '@pffnet/tensor-ops';
import type { Variable } from '@tensorflow/tfjs-core';
import type { PffnetConfig } from './config.ts';

/** The second semantic prediction: a map read from P2, and how instance masks are fused into it. */
export interface InstanceSemantics {
  readonly map: PyramidSemanticMap;
  readonly fusion: FeatureFusion;
  readonly boxes: 'refined' | 'proposal';
}

/** The network as its config built it: modules that predict, and nothing that knows the truth. */
export interface Pffnet {
  readonly config: PffnetConfig;
  /** Owns every parameter; dispose it to free the network. */
  readonly scope: ParamScope;
  readonly backbone: Backbone;
  readonly semanticHead: SemanticHead | null;
  readonly instanceHead: InstanceHead;
  readonly instanceSemantics: InstanceSemantics | null;
  /** The parameters that the optimiser may change, by path. */
  readonly trainable: ReadonlyMap<string, Variable>;
}

/** Modules of one's own in place of those that the config names. */
export interface ModuleFactories {
  readonly backbone?: (scope: ParamScope) => Backbone;
  readonly semanticHead?: (scope: ParamScope, backbone: Backbone) => SemanticHead;
  readonly instanceHead?: (scope: ParamScope, backbone: Backbone) => InstanceHead;
  readonly fusion?: (scope: ParamScope) => FeatureFusion;
}

/**
 * Builds the network that a config describes, with initial weights drawn from the config's seed: a module's start
 * depends on its own parameter paths alone, so that variants share the start of everything they have in common.
 * @param modules - factories that replace a module, for research outside this repository.
 * @remarks Source: Fig. 1.
 */
export function createPffnet(config: PffnetConfig, modules: ModuleFactories = {}): Pffnet {
  const scope = ParamScope.root(config.seed);
  const at = {
    backbone: scope.child('backbone'),
    semantic: scope.child('semantic'),
    instance: scope.child('instance'),
    map: scope.child('map'),
    fusion: scope.child('fusion'),
  };
  const { geometry, semanticHead, instanceSemantics } = config;
  const backbone = modules.backbone?.(at.backbone) ?? createBackbone(at.backbone, config.backbone);
  const makeSemanticHead = (): SemanticHead | null => {
    if (modules.semanticHead !== undefined) return modules.semanticHead(at.semantic, backbone);
    return semanticHead.kind === 'none' ? null : createSemanticHead(at.semantic, backbone, semanticHead);
  };
  const makeInstanceSemantics = (): InstanceSemantics | null => {
    if (instanceSemantics.kind === 'none') return null;
    const { boxes, fusion } = instanceSemantics;
    return {
      map: new PyramidSemanticMap(at.map, backbone),
      fusion:
        modules.fusion?.(at.fusion) ??
        createFusion(at.fusion, fusion.kind === 'none' ? fusion : { ...fusion, geometry }),
      boxes,
    };
  };
  const parts = {
    semanticHead: makeSemanticHead(),
    instanceHead:
      modules.instanceHead?.(at.instance, backbone) ??
      createInstanceHead(at.instance, backbone, { ...config.instanceHead, geometry }),
    instanceSemantics: makeInstanceSemantics(),
  };
  const frozen =
    modules.backbone === undefined ? frozenPrefixes(config.backbone).map((path) => `backbone/${path}`) : [];
  const trainable = new Map(
    [...scope.variables()].filter(([path]) => !frozen.some((prefix) => path.startsWith(prefix))),
  );
  return { config, scope, backbone, ...parts, trainable };
}
