/** Turns the ways a person or a system ends a process into one AbortSignal. */

/**
 * Aborted at the first Ctrl-C, SIGTERM, SIGHUP, or when the wrapper that started us is gone. Repeated signals are
 * taken in silence: a terminal sends Ctrl-C to a wrapper and to us alike.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const ask = () => {
    stop.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, ask);
  if (process.connected) process.once('disconnect', ask);
  // Listening to the channel must not keep the process alive.
  process.channel?.unref();
  return stop.signal;
}
