// serverClock is the clock of the server, told by the Date of the answers to htmx. The
// clock of the device may be wrong by hours, and may be set while the page stands open.
window.serverClock = (() => {
  'use strict';

  const tolerance = 60_000; // ms by which the device's clock may run apart from its timer

  let ahead = null; // ms that the server is ahead of the device; null: not known
  let start = 0;    // of the timer, by the device's clock, when ahead was told

  const startOfTimer = () => Date.now() - performance.now();

  // Takes the Date of an answer that comes from the server, not from a cache.
  function learn(headers) {
    const date = Date.parse(headers.get('Date'));
    if (!date) return;
    ahead = date - Date.now();
    start = startOfTimer();
    document.dispatchEvent(new Event('clock:learnt'));
  }

  // Returns the server's time in ms, or null if nothing tells it: no answer has come, or
  // the device slept or its clock was set since.
  function now() {
    const steady = ahead !== null && Math.abs(startOfTimer() - start) < tolerance;
    return steady ? Date.now() + ahead : null;
  }

  function ask() {
    fetch('/healthz', { method: 'HEAD', cache: 'no-store' }).then((answer) => learn(answer.headers), () => {}); // offline: the next time
  }

  document.addEventListener('htmx:before:response', ({ detail: { ctx } }) => learn(ctx.response.headers));

  return { now, learn, ask };
})();
