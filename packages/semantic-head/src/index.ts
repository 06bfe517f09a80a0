export { createSemanticHead, type SemanticHeadConfig } from './create-semantic-head.ts';
export { type GcnConfig, GcnHead } from './gcn-head.ts';
export { type JsisConfig, JsisHead } from './jsis-head.ts';
export { type PanopticFpnConfig, PanopticFpnHead } from './panoptic-fpn-head.ts';
export { PyramidSemanticMap, type PyramidSemanticMapSpec } from './pyramid-semantic-map.ts';
export type { SemanticFeatures, SemanticHead, SemanticHeadSpec } from './semantic-head.ts';
