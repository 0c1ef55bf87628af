// The scroll position of the log. At the end, the log follows new messages. Above,
// the text being read keeps its place while lines are added, removed or grow, and a
// button announces new messages.
(() => {
  'use strict';

  const log = document.querySelector('.chat .log');
  if (!log) return;
  const list = document.getElementById('messages');
  const jump = document.getElementById('jump');
  const near = 48;   // px from the end that still count as the end
  const early = 400; // px below the top from which older messages are fetched

  let following = true, was = 0; // was: the former scrollTop
  let anchor = null, top = 0; // the first visible line, and its former top
  let newest = null, held = false; // held: a line has the focus

  const end = () => { log.scrollTop = log.scrollHeight; };
  const topOf = (elt) => elt.getBoundingClientRect().top;
  const rest = () => log.scrollHeight - log.scrollTop - log.clientHeight;
  const last = () => list.querySelector(':nth-last-child(1 of [data-seq])');

  // The button announces new messages, and leads to the end from far above.
  function offer(news) {
    jump.classList.toggle('news', !following && (news || jump.matches('.news')));
    jump.hidden = following || (rest() < log.clientHeight && !jump.matches('.news'));
  }

  // New lines make the distance to the end grow: only scrolling up stops following.
  function heed() {
    following = rest() < near || (following && log.scrollTop >= was);
    was = log.scrollTop;
    offer(false);
  }

  log.addEventListener('scroll', () => {
    heed();
    if (log.scrollTop < early) list.querySelector('.older a:not(.htmx-request)')?.click();
  }, { passive: true });

  // Runs before painting, for growing bubbles and the keyboard.
  const follow = () => { if (following) end(); };
  const watch = new ResizeObserver(follow);
  watch.observe(log);
  watch.observe(list);

  // A line may go and another of the same height come between two looks at the size. The
  // browser has moved the log up meanwhile, and tells so as if the reader had scrolled.
  new MutationObserver(follow).observe(list, { childList: true });

  document.addEventListener('htmx:before:swap', ({ detail: { tasks } }) => {
    heed(); // the reader may have scrolled since the last event
    newest = last();
    held = list.contains(document.activeElement);
    if (following) return;
    anchor = [...list.querySelectorAll('[data-seq]')].find((line) => line.getBoundingClientRect().bottom > topOf(log));
    top = anchor && topOf(anchor);
    // Screen readers must not announce older messages.
    if (tasks.some(({ target }) => target?.matches?.('.older'))) log.setAttribute('aria-live', 'off');
  }, true);

  document.addEventListener('htmx:after:swap', () => {
    if (held && document.activeElement === document.body) log.focus({ preventScroll: true });
    if (following) return;
    if (anchor?.isConnected) log.scrollTop += topOf(anchor) - top;
    offer(last() !== newest);
    setTimeout(() => log.removeAttribute('aria-live'), 1000);
  });

  // A reader who opens a folded message goes on reading there, also at the end.
  list.addEventListener('click', ({ target }) => { if (target.closest('summary')) following = false; }, true);

  jump.addEventListener('click', () => { end(); document.getElementById('say')?.focus(); });
  document.addEventListener('chat:said', end);

  // A line somewhere in the log is read next.
  function lead(line) {
    line.scrollIntoView({ block: 'center' });
    following = rest() < near;
    was = log.scrollTop;
    offer(false);
  }

  document.addEventListener('chat:read', ({ detail: line }) => lead(line));
  const read = document.getElementById('read'); // above what is new to the reader
  if (read) lead(read);
  else end();

  // Tells the server up to which line the log was seen on the screen of a visible page, at
  // most once a second. The seq is absolute: a request that is lost, or comes late, does no
  // harm.
  let told = 0;

  function tell() {
    const bottom = topOf(log) + log.clientHeight - 24; // the top of a bubble, at least
    const seen = [...list.querySelectorAll('[data-seq]')].findLast((line) => topOf(line) < bottom)?.dataset.seq;
    if (document.hidden || !(seen > told)) return;
    fetch(`/rooms/${document.getElementById('chat').dataset.room}/read`, {
      method: 'POST', keepalive: true, body: new URLSearchParams({ seq: seen, account: document.body.dataset.me }),
      headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial' },
    }).then(({ status }) => { told = Math.max(told, status === 204 && seen); }, () => {});
  }

  setInterval(tell, 1000);
  window.addEventListener('pagehide', tell);
  document.addEventListener('chat:over', () => { told = Infinity; }); // nobody inside reads
})();
