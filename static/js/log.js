// The place in a conversation: who is at its end follows it; who reads above
// stays where they are, whatever comes, goes or grows, and is told of what is new.
(() => {
  'use strict';

  const log = document.querySelector('.chat .log');
  if (!log) return;
  const list = document.getElementById('messages');
  const jump = document.getElementById('jump');
  const near = 48;   // px from the end that are as good as being there
  const early = 400; // px below the top where older lines are asked for

  let following = true, was = 0; // was: where it stood
  let anchor = null, top = 0; // a line before one's eyes, and where it was
  let newest = null, held = false; // a line has the focus

  const end = () => { log.scrollTop = log.scrollHeight; };
  const topOf = (elt) => elt.getBoundingClientRect().top;
  const last = () => list.querySelector(':nth-last-child(1 of [data-seq])');

  log.addEventListener('scroll', () => {
    // Lines may have come since it moved: only who goes up stops following.
    following = log.scrollHeight - log.scrollTop - log.clientHeight < near || (following && log.scrollTop >= was);
    was = log.scrollTop;
    if (following) jump.hidden = true;
    if (log.scrollTop < early) list.querySelector('.older a:not(.htmx-request)')?.click();
  }, { passive: true });

  // Before it is painted: lines, a bubble that says more, the keyboard.
  const watch = new ResizeObserver(() => { if (following) end(); });
  watch.observe(log);
  watch.observe(list);

  document.addEventListener('htmx:before:swap', ({ detail: { tasks } }) => {
    newest = last();
    held = list.contains(document.activeElement);
    if (following) return;
    anchor = [...list.querySelectorAll('[data-seq]')].find((line) => line.getBoundingClientRect().bottom > topOf(log));
    top = anchor && topOf(anchor);
    // Older lines are there to be read, not to be read out.
    if (tasks.some(({ target }) => target?.matches?.('.older'))) log.setAttribute('aria-live', 'off');
  }, true);

  document.addEventListener('htmx:after:swap', () => {
    if (held && document.activeElement === document.body) log.focus({ preventScroll: true });
    if (following) return;
    if (anchor?.isConnected) log.scrollTop += topOf(anchor) - top;
    if (last() !== newest) jump.hidden = false;
    setTimeout(() => log.removeAttribute('aria-live'), 1000);
  });

  jump.addEventListener('click', () => { end(); document.getElementById('say')?.focus(); });
  document.addEventListener('chat:said', end);
  end();
})();
