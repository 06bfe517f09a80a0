export { type ModelFacts, factsOfMetadata, factsToMetadata } from './model-facts.ts';
export { describeModel, type Model, openModel, readModel } from './open-model.ts';
export { type ModelFiles, modelFiles, modelNames, shippedModels } from './shipped-models.ts';
