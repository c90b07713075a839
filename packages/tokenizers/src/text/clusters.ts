/**
 * Splits a text into grapheme clusters.
 *
 * Paper    none (Unicode Standard Annex 29, by the host)
 * Cost     one pass: the host's segmenter copies its text for each cluster, so it is given short windows
 */
const WINDOW = 128;

export function eachCluster(
  segmenter: Intl.Segmenter,
  text: string,
  onCluster: (cluster: string) => void,
): void {
  let size = WINDOW;
  for (let at = 0; at < text.length; ) {
    const isEnd = at + size >= text.length;
    const end = at + size + ((text.charCodeAt(at + size - 1) & 0xfc00) === 0xd800 ? 1 : 0);
    let held = "";
    let length = 0;
    for (const { segment } of segmenter.segment(text.slice(at, end))) {
      if (held !== "") onCluster(held);
      length += held.length;
      held = segment;
    }
    // The last cluster of a window may go on behind it; a longer window finds the end of one that fills it.
    if (isEnd) {
      onCluster(held);
      return;
    }
    size = length === 0 ? size * 2 : WINDOW;
    at += length;
  }
}
