import { type Backbone, createBackbone, frozenPrefixes } from '@pffnet/backbone';
import type { FeatureFusion } from '@pffnet/fusion';
import { createInstanceHead, type InstanceHead } from '@pffnet/instance-head';
import type { Network } from '@pffnet/network';
import { createSemanticHead, type SemanticHead } from '@pffnet/semantic-head';
import { ConfigError } from '@pffnet/structures';
import { ParamScope } from '@pffnet/tensor-ops';
import type { PffnetConfig } from './config.ts';
import { forwardPass } from './forward-pass.ts';
import { createInstanceSemantics } from './instance-semantics/create-instance-semantics.ts';
import { termsOfModules } from './loss-terms.ts';
import { parameterGroups } from './parameter-groups.ts';
import { supervise } from './supervision.ts';
import { truthOf } from './truth.ts';
import type { TwoStageModules } from './two-stage-modules.ts';
import { TwoStagePredictor } from './two-stage-predictor.ts';

/** A two-stage network: what every network can do, and the modules that it is made of. */
export interface Pffnet extends Network, TwoStageModules {
  readonly config: PffnetConfig;
}

/** Modules of one's own in place of those that the config names. */
export interface ModuleFactories {
  readonly backbone?: (scope: ParamScope) => Backbone;
  readonly semanticHead?: (scope: ParamScope, backbone: Backbone) => SemanticHead;
  readonly instanceHead?: (scope: ParamScope, backbone: Backbone) => InstanceHead;
  readonly fusion?: (scope: ParamScope) => FeatureFusion;
}

/**
 * Builds the network that a config describes. Initial weights drawn from the config's seed depend on a parameter's own
 * path alone, so that variants share the start of everything they have in common.
 * @param modules - factories that replace a module, for research outside this repository.
 * @param scope - the root in which parameters are declared; by default they are drawn from the config's seed.
 * @remarks Source: Fig. 1.
 */
export function createPffnet(
  config: PffnetConfig,
  modules: ModuleFactories = {},
  scope: ParamScope = ParamScope.root(config.seed),
): Pffnet {
  try {
    const backbone =
      modules.backbone?.(scope.child('backbone')) ?? createBackbone(scope.child('backbone'), config.backbone);
    const parts = {
      semanticHead: makeSemanticHead(scope.child('semantic'), backbone, config, modules),
      instanceHead: makeInstanceHead(scope.child('instance'), backbone, config, modules),
      instanceSemantics: createInstanceSemantics(scope, config.instanceSemantics, {
        pyramidChannels: backbone.pyramidChannels,
        geometry: config.geometry,
        initialOutputs: config.initialOutputs,
        alpha2: config.loss.alpha2,
        fusion: modules.fusion,
      }),
    };
    const frozen = modules.backbone === undefined ? frozenPrefixes(config.backbone) : [];
    const trainable = new Map(
      [...scope.variables()].filter(([path]) => !frozen.some((prefix) => path.startsWith(`backbone/${prefix}`))),
    );
    return asNetwork({ config, backbone, ...parts }, scope, trainable);
  } catch (error) {
    scope.dispose();
    throw error;
  }
}

/** Gives modules the role that training and prediction know. */
function asNetwork(modules: TwoStageModules, scope: ParamScope, trainable: Pffnet['trainable']): Pffnet {
  const { config } = modules;
  if (modules.semanticHead === null && modules.instanceSemantics?.needsSemanticBranch === true) {
    throw new ConfigError(
      `instanceSemantics.kind: ${config.instanceSemantics.kind} needs a semantic branch; set semanticHead.kind, to upsnet say`,
    );
  }
  return {
    ...modules,
    scope,
    trainable,
    groups: parameterGroups(trainable.keys()),
    terms: termsOfModules(modules),
    learn: ({ image, labels }, streams) => {
      const sampling = { anchors: streams('anchors'), rois: streams('rois') };
      const supervision = supervise(truthOf(labels, config.geometry), config, sampling);
      return { decides: true, forward: () => forwardPass(modules, image, supervision) };
    },
    predictor: () => new TwoStagePredictor(modules),
  };
}

function makeSemanticHead(
  scope: ParamScope,
  backbone: Backbone,
  { semanticHead, geometry, initialOutputs }: PffnetConfig,
  modules: ModuleFactories,
): SemanticHead | null {
  if (modules.semanticHead !== undefined) return modules.semanticHead(scope, backbone);
  const { bottomUpChannels, pyramidChannels } = backbone;
  return semanticHead.kind === 'none'
    ? null
    : createSemanticHead(scope, { bottomUpChannels, pyramidChannels, geometry, initialOutputs }, semanticHead);
}

function makeInstanceHead(
  scope: ParamScope,
  backbone: Backbone,
  { instanceHead, geometry, initialOutputs }: PffnetConfig,
  modules: ModuleFactories,
): InstanceHead {
  if (modules.instanceHead !== undefined) return modules.instanceHead(scope, backbone);
  return createInstanceHead(scope, backbone, { ...instanceHead, geometry, initialOutputs });
}
