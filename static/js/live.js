// The live parts of a page with <div id="live" hx-sse:connect>. The stream tells
// of changes; after every gap in it the page asks for its present state, at a
// random moment, so that a thousand pages do not ask at once.
(() => {
  'use strict';

  const live = document.getElementById('live');
  if (!live) return;

  const spread = 3000;     // ms over which pages spread their questions
  const patience = 3000;   // ms without a stream before one is told
  const most = 100;        // posts one question may name
  const soon = () => Math.random() * spread;

  // Asks for the counts of the newest posts on the page; the answer is out-of-band.
  function askCounts() {
    const ids = [...document.querySelectorAll('article.post[id^="post-"]:not(.gone)')]
      .map((post) => Number(post.id.slice('post-'.length))).sort((a, b) => b - a).slice(0, most);
    if (!ids.length) return;
    const query = new URLSearchParams(ids.map((id) => ['id', id]));
    htmx.ajax('GET', `/posts/counts?${query}`, { target: live, swap: 'none', quiet: true });
  }

  // Asks how many posts are newer than those of the page. Morphed, so that the
  // button neither blinks nor loses focus when its number changes.
  function askNews() {
    const fresh = document.getElementById('fresh');
    if (!fresh) return;
    htmx.ajax('GET', `${fresh.dataset.src}after=${fresh.dataset.after}`,
      { source: fresh, target: fresh, swap: 'outerMorph', quiet: true });
  }

  // A question is asked once, however often it comes up while waiting.
  function later(ask) {
    let timer = 0;
    return (delay) => {
      timer ||= setTimeout(() => { timer = 0; ask(); }, delay);
    };
  }
  // Asks for the comments that came since the last one on the page.
  function askComments() {
    const list = document.getElementById('comments');
    if (!list) return;
    const last = [...list.querySelectorAll('li[id^="comment-"]')].at(-1)?.id.slice('comment-'.length) ?? 0;
    htmx.ajax('GET', `${list.dataset.src}?after=${last}`, { source: list, target: list, swap: 'beforeend', quiet: true });
  }

  // Asks for a list as it is now: rooms come, go, and fill.
  function askState() {
    const list = document.querySelector('[data-state]');
    if (!list) return;
    htmx.ajax('GET', location.pathname + location.search,
      { source: list, target: list, select: `#${list.id}`, swap: 'outerMorph', quiet: true });
  }

  // What was done in a dialog of the desk shows on it.
  document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
    if (ctx.sourceElement?.closest('#dialog') && document.getElementById('desk')) askState();
  });

  const news = later(askNews);
  const catchUp = later(() => { askCounts(); askNews(); askComments(); askState(); });

  // The stream stands, but what it should tell does not arrive, or does again.
  live.addEventListener('lost', () => { down = true; wait(); });
  live.addEventListener('gap', () => { down = false; calm(); catchUp(soon()); });
  live.addEventListener('post', (event) => {
    const after = document.getElementById('fresh')?.dataset.after;
    if (Number(event.detail.data) > Number(after)) news(soon());
  });

  // Cut off, and back. Only who looks is told, and only of what lasts.
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
    if ((status ?? ctx?.response?.status) === 401) signedOut();
    else wait();
  }

  // The session ended: no stream will come. What was typed must stay, so the
  // page is not left; one is told, once.
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

  // hx-sse waits longer and longer between its tries; here is a reason to try now.
  function hurry() {
    connection?.delayCanceller?.();
  }

  const mine = (handler) => (event) => { if (event.target === live) handler(event); };
  live.addEventListener('htmx:sse:before:connection', lost); // also says that the last one ended
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
  // A connection of before may be dead without a word: begin a new one.
  window.addEventListener('online', () => {
    connection?.reader?.cancel();
    hurry();
  });
  window.addEventListener('pageshow', (event) => { if (event.persisted) catchUp(0); });
})();
