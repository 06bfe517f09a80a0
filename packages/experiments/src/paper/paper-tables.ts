import { oursFor, type PaperColumn, type PaperRow, type PaperScore, type PaperTable } from './paper-table.ts';

const nuclei: readonly PaperScore[] = ['AJI', 'Dice', 'F1', 'PQ'];
const leaves: readonly PaperScore[] = ['SBD', 'Dice', 'PQ'];

const columns = (protocol: string, scores: readonly PaperScore[]): PaperColumn[] =>
  scores.map((score) => ({ protocol, score, ours: oursFor[score] }));

/** Every score on seen, unseen and all images, as Table II prints them. */
const kumarByOrgan: readonly PaperColumn[] = nuclei.flatMap((score) => [
  { protocol: 'kumar', score, ours: oursFor[score], group: 'seen' },
  { protocol: 'kumar', score, ours: oursFor[score], group: 'unseen' },
  { protocol: 'kumar', score, ours: oursFor[score] },
]);

const threeSets = [...columns('tnbc', nuclei), ...columns('bbbc039', nuclei), ...columns('cvppp', leaves)];
const fourSets = [...columns('kumar', nuclei), ...threeSets];

const ajiRemark =
  'AJI: the released evaluator’s variant (ajiOnceLegacy), which the paper’s tables were made with; each run also has the others.';
const sbdRemark =
  'SBD: the released evaluator computes the best Dice of the predictions alone, and so do we here (bestDicePredicted); the symmetric score is in each run.';
const foldRemark = 'The paper publishes no folds: ours are others, and single images cannot be compared.';

const pffnetOfThreeSets = [0.6313, 0.8037, 0.86, 0.6298, 0.8477, 0.9478, 0.9451, 0.833, 0.9062, 0.9338, 0.7788];

/** Tables IV and V and VI: four networks, mean and deviation. */
const fourNetworks = (numbers: readonly (readonly (readonly [mean: number, std: number])[])[]): PaperRow[] =>
  (
    [
      ['Mask R-CNN', 'mask-rcnn'],
      ['Cell R-CNN', 'cell-rcnn'],
      ['Cell R-CNN V2', 'cell-rcnn-v2'],
      ['PFFNet', 'pffnet'],
    ] as const
  ).map(([label, network], row) => ({
    label,
    network,
    mean: numbers[row].map(([mean]) => mean),
    std: numbers[row].map(([, std]) => std),
  }));

/** The tables of Liu et al. 2021 (IEEE TIP 30, 2045-2059) that hold scores, number by number as printed. */
export const paperTables: readonly PaperTable[] = [
  {
    number: 'II',
    name: 'table-ii',
    title: 'TCGA-Kumar: 8 test images of organs that were seen in training, 6 of others',
    columns: kumarByOrgan,
    rows: [
      {
        label: 'CNN3',
        quotedFrom: 'Kumar et al. 2017',
        mean: [0.5154, 0.4989, 0.5083, 0.7301, 0.8051, 0.7623, 0.8226, 0.8322, 0.8267, null, null, null],
        std: [0.0835, 0.0806, 0.0695, 0.059, 0.1006, 0.0946, 0.0853, 0.0764, 0.0934, null, null, null],
      },
      {
        label: 'DIST',
        network: 'dist',
        quotedFrom: 'Naylor et al. 2019',
        mean: [0.5594, 0.5604, 0.5598, 0.7756, 0.8005, 0.7863, null, null, null, null, null, null],
        std: [0.0598, 0.0663, 0.0781, 0.0489, 0.0538, 0.055, null, null, null, null, null, null],
      },
      {
        label: 'Mask R-CNN',
        network: 'mask-rcnn',
        mean: [0.5438, 0.534, 0.5396, 0.7659, 0.7658, 0.7659, 0.6987, 0.6434, 0.675, 0.4856, 0.4715, 0.4796],
        std: [0.0649, 0.1283, 0.0929, 0.0481, 0.0608, 0.0517, 0.1344, 0.1908, 0.1566, 0.0893, 0.1709, 0.1248],
      },
      {
        label: 'Cell R-CNN',
        network: 'cell-rcnn',
        mean: [0.5547, 0.5606, 0.5572, 0.7746, 0.7752, 0.7748, 0.7587, 0.7481, 0.7542, 0.5066, 0.5098, 0.5079],
        std: [0.0567, 0.11, 0.08, 0.0446, 0.0577, 0.0485, 0.0969, 0.1488, 0.1166, 0.0816, 0.1392, 0.1051],
      },
      {
        label: 'Cell R-CNN V2',
        network: 'cell-rcnn-v2',
        mean: [0.5758, 0.5999, 0.5861, 0.7841, 0.8078, 0.7943, 0.8014, 0.8023, 0.8017, 0.55, 0.5563, 0.5527],
        std: [0.0568, 0.116, 0.0841, 0.0439, 0.0611, 0.0512, 0.0757, 0.1081, 0.0871, 0.0748, 0.1346, 0.1],
      },
      {
        label: 'PFFNet',
        network: 'pffnet',
        mean: [0.5975, 0.6282, 0.6107, 0.7967, 0.8256, 0.8091, 0.8317, 0.8383, 0.8345, 0.5824, 0.5933, 0.5871],
        std: [0.0568, 0.0924, 0.0726, 0.0453, 0.052, 0.0487, 0.0694, 0.0598, 0.0631, 0.0767, 0.1023, 0.085],
      },
    ],
    remarks: [ajiRemark],
  },
  {
    number: 'IV',
    name: 'table-iv',
    title: 'TNBC, 3-fold cross-validation',
    columns: columns('tnbc', nuclei),
    rows: fourNetworks([
      [
        [0.535, 0.0993],
        [0.7393, 0.0977],
        [0.7542, 0.1535],
        [0.5146, 0.1193],
      ],
      [
        [0.5747, 0.1061],
        [0.7637, 0.108],
        [0.8142, 0.1331],
        [0.5664, 0.112],
      ],
      [
        [0.5986, 0.0847],
        [0.7793, 0.0772],
        [0.8184, 0.1163],
        [0.5845, 0.0964],
      ],
      [
        [0.6313, 0.075],
        [0.8037, 0.0557],
        [0.86, 0.0849],
        [0.6298, 0.082],
      ],
    ]),
    remarks: [ajiRemark, foldRemark, 'The paper speaks of 30 images; the public set has 50.'],
  },
  {
    number: 'V',
    name: 'table-v',
    title: 'BBBC039V1: 100 images to learn from, 50 for validation, 50 for the test',
    columns: columns('bbbc039', nuclei),
    rows: fourNetworks([
      [
        [0.7983, 0.0858],
        [0.9277, 0.0126],
        [0.918, 0.087],
        [0.7773, 0.0959],
      ],
      [
        [0.807, 0.0934],
        [0.929, 0.0273],
        [0.9276, 0.0836],
        [0.7959, 0.0894],
      ],
      [
        [0.826, 0.0779],
        [0.9336, 0.0097],
        [0.9328, 0.0728],
        [0.801, 0.0839],
      ],
      [
        [0.8477, 0.0757],
        [0.9478, 0.0071],
        [0.9451, 0.0536],
        [0.8331, 0.0724],
      ],
    ]),
    remarks: [ajiRemark],
  },
  {
    number: 'VI',
    name: 'table-vi',
    title: 'CVPPP A1, 3-fold cross-validation on the 128 training images',
    columns: columns('cvppp', leaves),
    rows: fourNetworks([
      [
        [0.8674, 0.0362],
        [0.8453, 0.0799],
        [0.6342, 0.086],
      ],
      [
        [0.8771, 0.0274],
        [0.8772, 0.0524],
        [0.6804, 0.075],
      ],
      [
        [0.8861, 0.0259],
        [0.8931, 0.0434],
        [0.7161, 0.0669],
      ],
      [
        [0.9062, 0.0269],
        [0.9338, 0.0268],
        [0.7788, 0.0552],
      ],
    ]),
    remarks: [sbdRemark, foldRemark],
  },
  {
    number: 'VII',
    name: 'table-vii',
    title: 'CVPPP A1, the 33 test images of the challenge (the paper prints percent)',
    columns: [{ protocol: 'cvppp-challenge', score: 'SBD', ours: 'sbd' }],
    rows: [
      { label: 'RIS', quotedFrom: 'Romera-Paredes and Torr 2016', mean: [0.666] },
      { label: 'RNN', quotedFrom: 'Salvador et al. 2017', mean: [0.747] },
      { label: 'Deep coloring', network: 'deep-coloring', quotedFrom: 'Kulikov et al. 2018', mean: [0.804] },
      { label: 'Embedding-based', quotedFrom: 'Payer et al. 2018', mean: [0.842] },
      {
        label: 'Discriminative loss',
        network: 'discriminative',
        quotedFrom: 'De Brabandere et al. 2017',
        mean: [0.842],
      },
      { label: 'Recurrent with attention', quotedFrom: 'Ren and Zemel 2017', mean: [0.849] },
      { label: 'Data augmentation', quotedFrom: 'Kuznichov et al. 2019', mean: [0.887] },
      { label: 'Harmonic embeddings', quotedFrom: 'Kulikov and Lempitsky 2020', mean: [0.899] },
      { label: 'Synthesis data', quotedFrom: 'Ward et al. 2018', mean: [0.9] },
      { label: 'PFFNet', network: 'pffnet', mean: [0.911] },
    ],
    remarks: [
      'The truth of the challenge’s test images is not public: its server scored the paper. Ours is the symmetric best Dice on test images whose truth is public.',
    ],
  },
  {
    number: 'VIII',
    name: 'table-viii',
    title: 'Panoptic networks for general images',
    columns: fourSets,
    rows: [
      {
        label: 'OGPan',
        network: 'mask-rcnn',
        mean: [
          0.5396, 0.7659, 0.675, 0.4796, 0.535, 0.7393, 0.7542, 0.5146, 0.7983, 0.9277, 0.918, 0.7773, 0.8674, 0.8453,
          0.6342,
        ],
      },
      {
        label: 'JSISNet',
        network: 'jsis-net',
        mean: [
          0.5653, 0.7664, 0.7902, 0.5448, 0.5673, 0.7601, 0.7776, 0.5432, 0.8134, 0.9316, 0.9282, 0.7913, 0.8835,
          0.8799, 0.6848,
        ],
      },
      {
        label: 'PanFPN',
        network: 'panoptic-fpn',
        mean: [
          0.5811, 0.7898, 0.8194, 0.5678, 0.5874, 0.7715, 0.8129, 0.572, 0.8193, 0.932, 0.9275, 0.796, 0.8871, 0.8905,
          0.6999,
        ],
      },
      {
        label: 'AUNet',
        network: 'aunet',
        mean: [
          0.5898, 0.7904, 0.8056, 0.565, 0.5932, 0.7761, 0.8147, 0.5793, 0.8252, 0.9377, 0.9315, 0.809, 0.8883, 0.9086,
          0.7153,
        ],
      },
      {
        label: 'UPSNet',
        network: 'upsnet',
        mean: [
          0.5797, 0.7904, 0.8315, 0.5667, 0.5816, 0.7703, 0.8125, 0.5625, 0.8128, 0.9274, 0.9191, 0.7857, 0.8902,
          0.8941, 0.718,
        ],
      },
      {
        label: 'OANet',
        network: 'oanet',
        mean: [
          0.5865, 0.7908, 0.8167, 0.5645, 0.5933, 0.7798, 0.8126, 0.5744, 0.8198, 0.9372, 0.933, 0.8085, 0.8881, 0.8994,
          0.7102,
        ],
      },
      { label: 'PFFNet', network: 'pffnet', mean: [0.6107, 0.8091, 0.8345, 0.5871, ...pffnetOfThreeSets] },
    ],
    remarks: [
      ajiRemark,
      sbdRemark,
      'OGPan trains two networks apart, of which only the instances are scored: it is Mask R-CNN, with its digits in the paper and its runs here.',
    ],
  },
  {
    number: 'IX',
    name: 'table-ix',
    title: 'How instance masks are fused with the semantic map',
    columns: threeSets,
    rows: [
      {
        label: '(a) replacement',
        network: 'replacement',
        mean: [0.6133, 0.791, 0.8321, 0.5984, 0.8335, 0.941, 0.9407, 0.8205, 0.8947, 0.92, 0.7491],
      },
      {
        label: '(b) summation',
        network: 'summation',
        mean: [0.6216, 0.8, 0.8541, 0.6179, 0.842, 0.9443, 0.9407, 0.8276, 0.8983, 0.9274, 0.7603],
      },
      {
        label: '(c) attention',
        network: 'attention',
        mean: [0.622, 0.7983, 0.8521, 0.6139, 0.8403, 0.9443, 0.9427, 0.8248, 0.8999, 0.9267, 0.7606],
      },
      { label: '(d) residual attention', network: 'pffnet', mean: pffnetOfThreeSets },
    ],
    remarks: [ajiRemark, sbdRemark],
  },
  {
    number: 'X',
    name: 'table-x',
    title: 'The mask-quality branch',
    columns: threeSets,
    rows: [
      {
        label: 'without',
        network: 'no-quality',
        mean: [0.615, 0.796, 0.8495, 0.6114, 0.8387, 0.9426, 0.9388, 0.8206, 0.8977, 0.9233, 0.7593],
      },
      { label: 'with', network: 'pffnet', mean: pffnetOfThreeSets },
    ],
    remarks: [ajiRemark, sbdRemark],
  },
  {
    number: 'XI',
    name: 'table-xi',
    title: 'The consistency of the two semantic predictions',
    columns: threeSets,
    rows: [
      {
        label: 'without',
        network: 'no-consistency',
        mean: [0.6206, 0.7974, 0.837, 0.6043, 0.839, 0.943, 0.9416, 0.8244, 0.8995, 0.9267, 0.7601],
      },
      { label: 'with', network: 'pffnet', mean: pffnetOfThreeSets },
    ],
    remarks: [ajiRemark, sbdRemark],
  },
  {
    number: 'XII',
    name: 'table-xii',
    title: 'Trained on CPM17, tested on TCGA-Kumar',
    columns: columns('cpm17-to-kumar', ['AJI', 'Dice', 'SQ', 'DQ', 'PQ']),
    rows: [
      { label: 'Cell R-CNN V2', network: 'cell-rcnn-v2', mean: [0.5838, 0.8006, 0.7495, 0.7601, 0.5713] },
      { label: 'PFFNet', network: 'pffnet', mean: [0.6048, 0.8146, 0.7559, 0.7729, 0.5856] },
      {
        label: 'NuClick',
        network: 'nuclick',
        quotedFrom: 'Jahanifar et al. 2019; it is given a click inside every true nucleus',
        mean: [0.794, 0.8886, 0.8001, 0.9819, 0.7856],
      },
    ],
    remarks: [
      ajiRemark,
      'NuClick is told where every true nucleus is, by a click drawn from the truth, in the paper and here: it bounds the others, and is no rival of theirs.',
    ],
  },
];

/** Table III: p-values of a one-tailed paired t-test over Kumar's 14 test images that PFFNet is better. */
export const paperPValues: {
  readonly scores: readonly PaperScore[];
  readonly rows: readonly {
    readonly label: string;
    readonly network?: string;
    readonly quotedFrom?: string;
    readonly p: readonly (number | null)[];
  }[];
} = {
  scores: nuclei,
  rows: [
    { label: 'CNN3', quotedFrom: 'Kumar et al. 2017', p: [2.69e-3, 1.67e-2, 0.34, null] },
    { label: 'DIST', network: 'dist', quotedFrom: 'Naylor et al. 2019', p: [2.35e-6, 1.27e-5, null, null] },
    { label: 'Mask R-CNN', network: 'mask-rcnn', p: [6.44e-5, 1.48e-6, 5.57e-5, 1.14e-5] },
    { label: 'Cell R-CNN', network: 'cell-rcnn', p: [3.93e-6, 2.39e-6, 2.53e-4, 6.14e-7] },
    { label: 'Cell R-CNN V2', network: 'cell-rcnn-v2', p: [7.02e-4, 1.03e-5, 1.33e-3, 1.07e-4] },
  ],
};
