export { createSemanticHead } from './create-semantic-head.ts';
export { PyramidSemanticMap, type PyramidSemanticMapSpec } from './pyramid-semantic-map.ts';
export type { InstanceFeatures, SemanticFeatures, SemanticHead, SemanticHeadSpec } from './semantic-head.ts';
export { type SemanticHeadConfig, type SemanticHeadOptions, semanticHeadSchema } from './semantic-heads.ts';
