// The live parts of a page with <div id="live" hx-sse:connect>. After every gap in
// the stream the page fetches the present state, after a random delay, so that a
// thousand pages do not ask at once; news.js does so for posts.
(() => {
  'use strict';

  const live = document.getElementById('live');
  if (!live) return;

  const spread = 3000;   // ms over which pages spread their requests
  const patience = 3000; // ms without a stream before the page says so
  const soon = () => Math.random() * spread;

  // Fetches the present state of a list: rooms open, end, and fill.
  function askState() {
    const list = document.querySelector('[data-state]');
    if (!list) return;
    htmx.ajax('GET', location.pathname + location.search,
      { source: list, target: list, select: `#${list.id}`, swap: 'outerMorph', quiet: true });
  }

  // Messages are told to the pages of their room alone: the list of rooms asks again and
  // again, for people who have a seat.
  setInterval(() => { if (!document.hidden && !down && document.querySelector('#listing .mine')) askState(); }, 10000);

  // The desk shows the result of a dialog.
  document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
    if (ctx.sourceElement?.closest('#dialog') && document.getElementById('desk')) askState();
  });

  // Fetches what the page missed, after a delay; calls while waiting are dropped.
  let waiting = 0;
  function catchUp(delay) {
    waiting ||= setTimeout(() => {
      waiting = 0;
      askState();
      live.dispatchEvent(new Event('missed'));
    }, delay);
  }

  // "lost": the stream is open, but the server lost its bus. "gap": events arrive again.
  live.addEventListener('lost', () => { down = true; wait(); });
  live.addEventListener('gap', () => { down = false; calm(); catchUp(soon()); });

  // Disconnects are shown only while the page is visible, and only if they last.
  let connection = null, connected = false, down = false, timer = 0;

  function show(cut) {
    const bar = document.getElementById('offline');
    if (bar) bar.hidden = !cut;
  }

  function wait() {
    if (!document.hidden) timer ||= setTimeout(show, patience, true);
  }

  function calm() {
    clearTimeout(timer);
    timer = 0;
    show(false);
  }

  function lost(event) {
    down = true;
    const { status, ctx } = event.detail ?? {};
    const answer = status ?? ctx?.response?.status;
    if (answer === 401) signedOut();
    else if (answer === 403 && connected) location.reload(); // another role: the page has other topics now
    else wait();
  }

  // The session has ended, so the stream will not come back. A reload would lose
  // unsent text: a toast says so, once.
  function signedOut() {
    calm();
    const box = document.getElementById('toasts');
    const toast = document.getElementById('toast-signed-out')?.content.firstElementChild;
    if (!toast || box.querySelector('[data-signed-out]')) return;
    box.append(toast.cloneNode(true));
    box.lastElementChild.dataset.signedOut = '';
  }

  function back(event) {
    connection = event.detail.connection;
    down = false;
    calm();
    catchUp(connected ? soon() : 0);
    connected = true;
  }

  // hx-sse waits longer after every failure; this ends the wait.
  function hurry() {
    connection?.delayCanceller?.();
  }

  // Any answer shows that the server can be reached again.
  document.addEventListener('htmx:after:request', ({ target, detail: { ctx } }) => {
    const bar = document.getElementById('offline');
    if (target === live || bar?.hidden !== false || ctx.response.status >= 500) return;
    calm();
    hurry();
  });

  const mine = (handler) => (event) => { if (event.target === live) handler(event); };
  live.addEventListener('htmx:sse:before:connection', lost); // fires after the former connection ended, too
  live.addEventListener('htmx:sse:after:connection', back);
  for (const type of ['htmx:sse:error', 'htmx:sse:close', 'htmx:error', 'htmx:response:error']) {
    live.addEventListener(type, mine(lost));
  }

  document.addEventListener('visibilitychange', () => {
    calm();
    if (document.hidden || !down) return;
    wait();
    hurry();
  });
  window.addEventListener('offline', lost);
  // A former connection may be dead without an event: begin a new connection.
  window.addEventListener('online', () => {
    connection?.reader?.cancel().catch(() => {});
    hurry();
  });
  // The page ends its stream itself: some browsers log a stream that they cut off as an
  // error. If the page comes back from the browser's cache, hx-sse connects again.
  window.addEventListener('pagehide', () => connection?.reader?.cancel().catch(() => {}));
  window.addEventListener('pageshow', (event) => { if (event.persisted) catchUp(0); });
})();
