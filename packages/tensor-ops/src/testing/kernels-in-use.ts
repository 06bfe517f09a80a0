import type { EngineKernel } from '@pffnet/structures';

/**
 * tfjs's kernels that training and prediction run, here in the order of the alphabet. A test in `@pffnet/training` records
 * what is run and fails if one is missing here; a test in `@pffnet/backends` fails if one has no case against arithmetic.
 */
export const kernelsInUse: readonly string[] = [
  ...[
    'Abs',
    'Add',
    'AddN',
    'AvgPool',
    'AvgPoolGrad',
    'BatchMatMul',
    'Cast',
    'ClipByValue',
    'Concat',
    'Conv2D',
    'Conv2DBackpropFilter',
  ],
  ...[
    'Conv2DBackpropInput',
    'CropAndResize',
    'Equal',
    'Exp',
    'ExpandDims',
    'Fill',
    'Floor',
    'GatherV2',
    'GreaterEqual',
  ],
  ...[
    'Identity',
    'LessEqual',
    'Log',
    'Log1p',
    'LogicalAnd',
    'Max',
    'MaxPool',
    'MaxPoolGrad',
    'Maximum',
    'Mean',
    'Minimum',
  ],
  ...['Multiply', 'Neg', 'OneHot', 'OnesLike', 'Pack', 'PadV2', 'Prod', 'Range', 'RealDiv', 'Relu', 'Reshape'],
  ...['ResizeBilinear', 'Rsqrt', 'Sigmoid', 'Slice', 'Softmax', 'SplitV', 'Sqrt', 'Square', 'Step', 'Sub', 'Sum'],
  ...['Tile', 'Transpose', 'UnsortedSegmentSum', 'ZerosLike'],
];

/** Kernels that tfjs does not have: run where the engine has them, else put together from others. */
export const kernelsOfSomeEngines: readonly EngineKernel[] = [
  'FusedGroupNormalize',
  'FusedGroupNormalizeGrad',
  'GroupNormalize',
  'GroupNormalizeGrad',
  'RoiAlign',
  'RoiAlignGrad',
  'SgdUpdate',
  'SumOfSquares',
];
