/**
 * Endings of the pictures per pixel that some family predicts, `NAME_semantic.png`: the `mapNames` of all families. They
 * stand here too, so that label maps can be told from pictures without loading the networks.
 */
export const mapNames: readonly string[] = ['semantic', 'fused', 'distance'];
