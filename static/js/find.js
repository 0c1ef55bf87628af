// The search inside a room. The results stand above the log, and the room goes on below.
// A result leads to its message in the log, and older messages are fetched until the
// message is there. The messages of the log show what was searched in <mark>.
(() => {
  'use strict';

  const panel = document.getElementById('found');
  const list = document.getElementById('messages');
  if (!panel || !list) return;
  const pause = 100; // ms between looks at a request of another script
  let wanted = ''; // the searched text in lower case, or '': no search

  function mark(node) {
    if (node.nodeType !== Node.TEXT_NODE) { [...node.childNodes].forEach(mark); return; }
    const at = node.data.toLowerCase().indexOf(wanted);
    if (at < 0 || at + wanted.length > node.length) return;
    const range = new Range(), box = document.createElement('mark');
    range.setStart(node, at);
    range.setEnd(node, at + wanted.length);
    range.surroundContents(box);
    mark(box.nextSibling);
  }

  function paint() {
    if (!wanted) return;
    for (const body of list.querySelectorAll('.message-body:not([data-marked], .gone)')) {
      body.dataset.marked = '';
      mark(body);
    }
  }

  // Puts a ring around the message of a result, and around no other.
  function ring(line) {
    list.querySelector('.hit')?.classList.remove('hit');
    line?.classList.add('hit');
  }

  function wash() {
    ring();
    for (const body of list.querySelectorAll('[data-marked]')) {
      delete body.dataset.marked;
      body.querySelectorAll('mark').forEach((box) => box.replaceWith(...box.childNodes));
      body.normalize();
    }
  }

  function open() {
    wash();
    wanted = panel.querySelector('[name="q"]').value.toLowerCase();
    panel.hidden = false;
    panel.focus();
    paint();
  }

  function close() {
    wanted = '';
    wash();
    panel.hidden = true;
    panel.replaceChildren();
    const area = document.getElementById('say');
    if (!matchMedia('(pointer: coarse)').matches) area.focus({ preventScroll: true });
  }

  // Returns the message of a result, null if the log does not have the message, or undefined
  // if a request failed: toast.js says so, or the person is on the way to another page.
  async function reach(seq) {
    for (;;) {
      const line = list.querySelector(`[data-seq="${seq}"]`);
      const older = list.querySelector('.older a');
      if (line || !older) return line;
      if (older.matches('.htmx-request')) {
        await htmx.timeout(pause);
        continue;
      }
      await htmx.ajax('GET', `${older.href}&from=${seq}`, { source: older, target: older.parentElement, swap: 'outerHTML' });
      if (older.isConnected) return undefined;
    }
  }

  async function jump(hit) {
    const line = await reach(hit.dataset.hit);
    if (line === null) location.assign(hit.href);
    if (!line) return;
    ring(line);
    document.dispatchEvent(new CustomEvent('chat:read', { detail: line }));
    line.focus({ preventScroll: true });
  }

  panel.addEventListener('click', (event) => {
    if (event.target.closest('[data-close]')) close();
    const hit = event.target.closest('.hit');
    if (!hit || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    jump(hit);
  });

  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.isComposing) close();
  });

  document.addEventListener('submit', ({ target }) => target.closest('.menu:popover-open')?.hidePopover());
  document.addEventListener('htmx:after:settle', ({ target }) => { if (target === panel) open(); });
  document.addEventListener('htmx:after:swap', paint);
})();
