/**
 * Gives the host a turn of its event loop, so that a click, a timer or an abort gets through between two steps.
 *
 * Errors   rejects with the signal's reason once it is aborted
 */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await turn();
  signal?.throwIfAborted();
}

function turn(): Promise<void> {
  if (typeof setImmediate === "function") return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
