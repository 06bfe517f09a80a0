/**
 * Endings of the pictures per pixel that some family predicts, `NAME_semantic.png`: the `mapNames` of all families.
 * They are repeated here, so that files of label maps can be told from these pictures without loading the networks.
 */
export const mapNames: readonly string[] = ['semantic', 'fused', 'distance', 'colour'];
