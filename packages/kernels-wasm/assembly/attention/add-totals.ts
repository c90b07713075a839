/**
 * Adds the weights of visible slots to the totals of 1, 2 or 4 queries, slot by slot.
 *
 * Shapes   weights: `length` bytes a query, `weightBytes` apart  ->  totals: one f32 a query, `sumBytes` apart, grow
 * Order    slots ascending, one by one; four queries at once hide the latency of the sums
 */
export function addTotals(
  weights: usize,
  weightBytes: usize,
  length: usize,
  totals: usize,
  sumBytes: usize,
  count: i32,
): void {
  if (count == 4) {
    const p1 = weightBytes;
    const p2 = p1 + weightBytes;
    const p3 = p2 + weightBytes;
    let t0 = load<f32>(totals);
    let t1 = load<f32>(totals + sumBytes);
    let t2 = load<f32>(totals + sumBytes * 2);
    let t3 = load<f32>(totals + sumBytes * 3);
    for (const end = weights + length; weights < end; weights += 4) {
      t0 += load<f32>(weights);
      t1 += load<f32>(weights + p1);
      t2 += load<f32>(weights + p2);
      t3 += load<f32>(weights + p3);
    }
    store<f32>(totals, t0);
    store<f32>(totals + sumBytes, t1);
    store<f32>(totals + sumBytes * 2, t2);
    store<f32>(totals + sumBytes * 3, t3);
    return;
  }
  for (let i = 0; i < count; i++) {
    const end = weights + length;
    let total = load<f32>(totals);
    for (let at = weights; at < end; at += 4) total += load<f32>(at);
    store<f32>(totals, total);
    weights += weightBytes;
    totals += sumBytes;
  }
}
