/**
 * Finds the circles of a graph (Tarjan 1972).
 * @param {ReadonlyMap<string, readonly string[]>} edges from each node to others
 * @returns {string[][]} every set of two or more nodes that all reach each other, and every node that names itself
 */
export function findCircles(edges) {
  const order = new Map();
  const lowest = new Map();
  const stack = [];
  const circles = [];

  const visit = (node) => {
    order.set(node, order.size);
    lowest.set(node, order.get(node));
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(node, Math.min(lowest.get(node), lowest.get(next)));
    }
    if (lowest.get(node) !== order.get(node)) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1 || edges.get(node)?.includes(node)) circles.push(circle.sort());
  };

  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return circles;
}
