export { heapBytes, HeapLimitError } from '@pffnet/tfjs-wasm/heap-guard';
export { type BackendName, type LoadedBackend } from './backend-name.ts';
export { loadBackend, openBackend } from './load-backend.ts';
export { type BackendReport, surveyBackends } from './survey.ts';
